using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core;

static class CoreDefaults
{
    public static void NodeStatus(JsonObject status)
    {
        if (!status.Has("allocatable") && status.Obj("capacity") is { } capacity) status["allocatable"] = capacity.DeepClone();
    }

    public static void LimitRangeItem(JsonObject item)
    {
        if (item.Text("type") != "Container") return;
        Fill(item, "default", item.Obj("max"));
        Fill(item, "defaultRequest", item.Obj("default"));
        Fill(item, "defaultRequest", item.Obj("min"));
    }

    static void Fill(JsonObject item, string field, JsonObject? from)
    {
        if (from is null) return;
        var to = item.Make(field);
        foreach (var (name, amount) in from)
            if (!to.ContainsKey(name)) to[name] = amount?.DeepClone();
    }
}
