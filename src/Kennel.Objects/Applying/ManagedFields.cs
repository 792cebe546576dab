using System.Text.Json.Nodes;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>Who set which field: <c>metadata.managedFields</c> of plain writes (create, replace, patch).</summary>
public static class ManagedFields
{
    /// <summary>
    /// Writes <c>metadata.managedFields</c> of <paramref name="next"/>: the fields that differ from <paramref name="live"/> go to the manager,
    /// and away from everyone else. What the server itself fills in after this call (a cluster IP) has no owner, as upstream.
    /// </summary>
    /// <param name="live">The stored object; null on create.</param>
    /// <param name="next">The object as it was sent or patched, defaulted.</param>
    /// <param name="manager">Who writes: the fieldManager parameter, or the user agent up to its first slash.</param>
    /// <param name="subresource">status, scale …; null for the object itself.</param>
    public static void Update(JsonObject? live, JsonObject next, ResourceType type, string manager, string? subresource, DateTimeOffset now)
    {
        var changes = FieldChanges.Between(live, next, type.Schema, KindRules.For(type).ResetFieldsFor(subresource));
        var untouched = subresource is not null || Same(live, next);
        if (changes.None && live is not null && untouched)
        {
            Keep(live, next);
            return;
        }
        var entries = ManagerEntries.Read(live, next, trusted: subresource is null);
        if (entries.All.Count > 0 || live is null) Record(entries, changes, type.ApiVersion, manager, subresource, now);
        entries.Write(next);
    }

    /// <summary>Whether two versions differ in nothing but the times of their managers, so that writing would only make noise.</summary>
    public static bool SameButTimes(JsonObject live, JsonObject next)
    {
        foreach (var (name, value) in next)
            if (name != "metadata" && !JsonNode.DeepEquals(value, live[name])) return false;
        if (live.Count != next.Count || live["metadata"] is not JsonObject before || next["metadata"] is not JsonObject after) return false;
        foreach (var (name, value) in after)
            if (name == "managedFields" ? !SameEntries(before[name] as JsonArray, value as JsonArray) : !JsonNode.DeepEquals(value, before[name])) return false;
        return before.Count == after.Count;
    }

    internal static void Record(ManagerEntries entries, FieldChanges changes, string apiVersion, string manager, string? subresource, DateTimeOffset now)
    {
        if (manager.Length == 0) manager = "unknown";
        entries.Take(changes.Changed.Union(changes.Removed));
        if (changes.Changed.IsEmpty) return;
        var own = entries.Find(manager, ManagerEntry.Update, apiVersion, subresource);
        if (own is not null) entries.All.Remove(own);
        var fields = own is null ? changes.Changed : own.Fields.Union(changes.Changed);
        entries.All.Add(new ManagerEntry(manager, ManagerEntry.Update, apiVersion, subresource, Wire.Time(now), fields));
        entries.Cap();
    }

    static bool Same(JsonObject? live, JsonObject next)
    {
        var sent = (next["metadata"] as JsonObject)?["managedFields"];
        if (sent is null) return true;
        return (live?["metadata"] as JsonObject)?["managedFields"] is { } kept && FieldSetJson.Bytes(sent).SequenceEqual(FieldSetJson.Bytes(kept));
    }

    static void Keep(JsonObject live, JsonObject next)
    {
        var kept = (live["metadata"] as JsonObject)?["managedFields"];
        if (next["metadata"] is not JsonObject metadata) return;
        if (kept is null) metadata.Remove("managedFields");
        else metadata["managedFields"] = JsonNode.Parse(FieldSetJson.Bytes(kept));
    }

    static bool SameEntries(JsonArray? a, JsonArray? b)
    {
        if (a is null || b is null || a.Count != b.Count) return a is null && b is null;
        for (var i = 0; i < a.Count; i++)
        {
            if (a[i] is not JsonObject x || b[i] is not JsonObject y || x.Count != y.Count) return false;
            foreach (var (name, value) in x) if (name != "time" && !JsonNode.DeepEquals(value, y[name])) return false;
        }
        return true;
    }
}
