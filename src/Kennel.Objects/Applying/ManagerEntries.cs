using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>All managers of an object, while an operation changes who owns what.</summary>
sealed class ManagerEntries(List<ManagerEntry> entries)
{
    /// <summary>Upstream's cap of entries by Update; the oldest are thrown together.</summary>
    const int MostUpdates = 10;

    const string Ancient = "ancient-changes";

    public List<ManagerEntry> All { get; } = entries;

    /// <summary>From the object as it was sent, unless that says nothing (a client that doesn't know the field) or nonsense: then from the stored one.</summary>
    /// <param name="trusted">False for subresources, whose clients may not set the field.</param>
    public static ManagerEntries Read(JsonObject? live, JsonObject next, bool trusted)
    {
        var sent = trusted ? List(next) : null;
        if (sent is { Count: 1 } && sent[0] is JsonObject { Count: 0 } || sent is { Count: 0 }) return new([]);
        if (sent is not null && Read(sent) is { Count: > 0 } known) return new(known);
        return new(live is null ? [] : Read(List(live)) ?? []);
    }

    public static ManagerEntries Read(JsonObject o) => new(Read(List(o)) ?? []);

    static JsonArray? List(JsonObject o) => (o["metadata"] as JsonObject)?["managedFields"] as JsonArray;

    static List<ManagerEntry>? Read(JsonArray? list)
    {
        if (list is null) return null;
        var made = new List<ManagerEntry>(list.Count);
        foreach (var node in list)
        {
            if (ManagerEntry.Read(node) is not { } entry) return null;
            made.Add(entry);
        }
        return made;
    }

    public ManagerEntry? Find(string manager, string operation, string apiVersion, string? subresource)
    {
        foreach (var entry in All) if (entry.Is(manager, operation, apiVersion, subresource)) return entry;
        return null;
    }

    /// <summary>Takes fields from everyone, or from everyone but one; who has none left is gone.</summary>
    public void Take(FieldSet fields, ManagerEntry? except = null)
    {
        if (fields.IsEmpty) return;
        for (var i = All.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(All[i], except)) continue;
            var left = All[i].Fields.Difference(fields);
            if (left.IsEmpty) All.RemoveAt(i);
            else if (!ReferenceEquals(left, All[i].Fields)) All[i] = All[i].With(left);
        }
    }

    public void Cap()
    {
        var updates = All.Where(e => !e.Applied).OrderBy(e => e.Time ?? "", StringComparer.Ordinal).ThenBy(e => e.Manager, StringComparer.Ordinal).ToList();
        var first = new Dictionary<string, ManagerEntry>();
        for (var i = 0; i < updates.Count && All.Count(e => !e.Applied) > MostUpdates; i++)
        {
            var entry = updates[i];
            if (first.TryAdd(entry.ApiVersion, entry)) continue;
            var into = first[entry.ApiVersion];
            All.Remove(entry);
            All.Remove(into);
            first[entry.ApiVersion] = new ManagerEntry(Ancient, ManagerEntry.Update, entry.ApiVersion, null, entry.Time, into.Fields.Union(entry.Fields));
            All.Add(first[entry.ApiVersion]);
        }
    }

    /// <summary>Writes <c>metadata.managedFields</c> in upstream's order: appliers first, then by time, name, version and subresource.</summary>
    public void Write(JsonObject o)
    {
        if (o["metadata"] is not JsonObject metadata) o["metadata"] = metadata = [];
        metadata.Remove("managedFields", out var before);
        (before as JsonArray)?.Clear(); // its entries may be written again
        if (All.Count == 0) return;
        All.Sort(Order);
        var list = new JsonArray();
        foreach (var entry in All) list.Add(entry.Write());
        metadata["managedFields"] = list;
    }

    static int Order(ManagerEntry a, ManagerEntry b)
    {
        if (string.CompareOrdinal(a.Operation, b.Operation) is var operation and not 0) return operation;
        if (string.CompareOrdinal(a.Time ?? "", b.Time ?? "") is var time and not 0) return time;
        if (string.CompareOrdinal(a.Manager, b.Manager) is var manager and not 0) return manager;
        if (string.CompareOrdinal(a.ApiVersion, b.ApiVersion) is var version and not 0) return version;
        return string.CompareOrdinal(a.Subresource ?? "", b.Subresource ?? "");
    }
}
