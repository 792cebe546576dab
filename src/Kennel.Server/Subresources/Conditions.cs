using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Subresources;

static class Conditions
{
    /// <summary>Sets a condition; its time moves only when its status does.</summary>
    public static void Set(JsonObject status, string type, string value, string now, string? reason = null, string? message = null)
    {
        var there = status.Objects("conditions").FirstOrDefault(c => c.Text("type") == type);
        if (there.Text("status") == value) return;
        if (there is not null) status["conditions"]!.AsArray().Remove(there);
        else if (status["conditions"] is not JsonArray) status["conditions"] = new JsonArray();
        var condition = new JsonObject { ["type"] = type, ["status"] = value, ["lastTransitionTime"] = now };
        if (reason is not null) condition["reason"] = reason;
        if (message is not null) condition["message"] = message;
        status["conditions"]!.AsArray().Add((JsonNode)condition);
    }
}
