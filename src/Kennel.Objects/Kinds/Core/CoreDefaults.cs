using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core;

static class CoreDefaults
{
    /// <summary>Amounts are kept in thousandths, rounded up.</summary>
    public static void Resources(JsonObject resources)
    {
        Round(resources.Obj("limits"));
        Round(resources.Obj("requests"));
    }

    public static void Volume(JsonObject spec) => Round(spec.Obj("capacity"));

    static void Round(JsonObject? amounts)
    {
        if (amounts is null) return;
        foreach (var (name, amount) in (KeyValuePair<string, JsonNode?>[])[.. amounts])
            if (amount.AsText() is { } text && IsFine(text)) amounts[name] = Amounts.Of(text).RoundedUpToMilli().ToString();
    }

    /// <summary>Only these spellings of a canonical amount can be finer than a thousandth.</summary>
    static bool IsFine(string text) => text.Length > 0 && (text[^1] is 'n' or 'u' || text.Contains("e-", StringComparison.Ordinal));

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
