using System.Text.Json.Nodes;
using Kennel.Objects.Kinds;
using Kennel.Objects.Patches;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>Server-side apply: the applied fields are set, and those that this manager applied before and no longer does are removed.</summary>
public static class ServerSideApply
{
    /// <summary>Who owns the fields of an object that nobody applied before and that has no managed fields.</summary>
    const string BeforeFirstApply = "before-first-apply";

    /// <param name="live">The stored object; null when it doesn't exist yet. Stays as it is.</param>
    /// <param name="applied">What the manager wants to own: a part of an object, not defaulted. Stays as it is.</param>
    /// <param name="schema">Of the object (for the scale endpoint: of the scaled object, with <paramref name="applied"/> holding only <c>spec.replicas</c>).</param>
    /// <param name="force">Takes fields from other managers; without it that is a 409 with a cause for each field.</param>
    /// <returns>The merged object with its managed fields, not defaulted; 400 for what doesn't fit the schema.</returns>
    public static Patched Apply(JsonObject? live, JsonObject applied, ResourceType type, Schema schema, string manager, bool force, string? subresource, DateTimeOffset now)
    {
        if (Misfit(applied, type, schema) is { } misfit) return misfit;
        var reset = KindRules.For(type).ResetFieldsFor(subresource);
        var entries = live is null ? new([]) : ManagerEntries.Read(live);
        if (entries.All.Count == 0 && live is not null)
            ManagedFields.Record(entries, FieldChanges.Between(null, live, schema, reset), type.ApiVersion, BeforeFirstApply, null, now);

        var before = entries.Find(manager, ManagerEntry.Apply, type.ApiVersion, subresource);
        var wanted = OwnedFields.Of(applied, schema, reset);
        var merged = live is null ? (JsonObject)applied.DeepClone() : StructuredMerge.Merge(WithoutManagers(live), applied, schema);
        var owned = wanted;
        foreach (var entry in entries.All) if (!ReferenceEquals(entry, before)) owned = owned.Union(entry.Fields);
        if (before is not null) merged = Removal.Prune(merged, before.Fields, owned, schema);

        var changes = live is null ? default : FieldChanges.Between(live, merged, schema, reset);
        if (live is not null && !force)
        {
            var others = entries.All.Where(e => !ReferenceEquals(e, before));
            var conflict = ApplyConflict.Of(others, changes.Changed, FieldSet.Empty);
            if (conflict.Any) conflict = ApplyConflict.Of(others, changes.Changed, LastApplied.Unchanged(live, manager, schema));
            if (conflict.Any) return conflict.Refusal();
        }
        if (live is not null) entries.Take(changes.Changed.Union(changes.Removed), except: before);
        Own(entries, before, wanted, live is null || !changes.None, type.ApiVersion, manager, subresource, now);
        LastApplied.Renew(merged, applied, manager);
        entries.Write(merged);
        return merged;
    }

    static void Own(ManagerEntries entries, ManagerEntry? before, FieldSet wanted, bool changed, string apiVersion, string manager, string? subresource, DateTimeOffset now)
    {
        if (before is not null) entries.All.Remove(before);
        if (wanted.IsEmpty) return;
        var same = !changed && before is not null && before.ApiVersion == apiVersion && before.Fields.Equals(wanted);
        entries.All.Add(same ? before! : new ManagerEntry(manager, ManagerEntry.Apply, apiVersion, subresource, Wire.Time(now), wanted));
    }

    /// <summary>Why an applied part can't be merged into an object of its kind, or null.</summary>
    public static Refusal? Misfit(JsonObject applied, ResourceType type, Schema schema)
    {
        var version = applied["apiVersion"]?.ToString();
        if (version is not null && version != type.ApiVersion)
            return Refusal.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {version}, expected: {type.ApiVersion}");
        var metadata = applied["metadata"] as JsonObject;
        if (metadata?["managedFields"] is not null) return Refusal.BadRequest("metadata.managedFields must be nil");
        if (TypedCheck.Of(applied, schema) is not { } problem) return null;
        var name = $"{metadata?["namespace"]}/{metadata?["name"]}";
        return Refusal.BadRequest($"failed to create typed patch object ({name}; {type.Group}/{type.Version}, Kind={type.Kind}): {problem}");
    }

    static JsonObject WithoutManagers(JsonObject live)
    {
        if ((live["metadata"] as JsonObject)?["managedFields"] is null) return live;
        var copy = (JsonObject)live.DeepClone();
        ((JsonObject)copy["metadata"]!).Remove("managedFields");
        return copy;
    }
}
