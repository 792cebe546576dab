using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>
/// Who owns what, for the scale endpoint: of a workload's managers those of <c>spec.replicas</c> become managers of its Scale, and what an
/// operation on the Scale made of them is put back.
/// </summary>
public static class ScaleManagers
{
    const string ScaleVersion = "autoscaling/v1";

    static readonly FieldSet s_replicas = FieldSetJson.Read("""{"f:spec":{"f:replicas":{}}}"""u8)!;

    /// <summary>Gives a Scale the managers of its workload.</summary>
    public static void ToScale(JsonObject workload, JsonObject scale)
    {
        var entries = new ManagerEntries([]);
        foreach (var entry in ManagerEntries.Read(workload).All)
            if (Owns(entry)) entries.All.Add(entry.With(s_replicas) with { ApiVersion = ScaleVersion });
        entries.Write(scale);
    }

    /// <summary>Gives a workload the managers that its Scale has now. Managers of other fields keep those.</summary>
    /// <param name="apiVersion">The workload's.</param>
    public static void ToWorkload(JsonObject scale, JsonObject workload, string apiVersion)
    {
        var now = ManagerEntries.Read(scale).All.Where(Owns).ToList();
        var entries = new ManagerEntries([]);
        foreach (var entry in ManagerEntries.Read(workload).All)
        {
            if (!Owns(entry) || now.RemoveAll(e => Same(e, entry)) > 0) entries.All.Add(entry);
            else if (entry.Fields.Difference(s_replicas) is { IsEmpty: false } rest) entries.All.Add(entry.With(rest));
        }
        foreach (var taken in now)
        {
            var own = entries.All.Find(e => Same(e, taken) && e.ApiVersion == apiVersion);
            if (own is not null) entries.All.Remove(own);
            entries.All.Add((own ?? taken).With(own?.Fields.Union(s_replicas) ?? s_replicas) with { ApiVersion = apiVersion, Time = taken.Time });
        }
        entries.Write(workload);
    }

    static bool Owns(ManagerEntry entry) => !entry.Fields.Intersection(s_replicas).IsEmpty;

    static bool Same(ManagerEntry a, ManagerEntry b) => a.Manager == b.Manager && a.Operation == b.Operation && (a.Subresource ?? "") == (b.Subresource ?? "");
}
