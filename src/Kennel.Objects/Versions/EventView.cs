using System.Text.Json.Nodes;

namespace Kennel.Objects.Versions;

/// <summary>Events of events.k8s.io are those of the core group under clearer names.</summary>
sealed class EventView : View
{
    public static readonly EventView Instance = new();

    static readonly (string View, string Stored)[] s_names =
    [
        ("regarding", "involvedObject"), ("note", "message"), ("reportingController", "reportingComponent"), ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ];

    public override (string Group, string Version) Stored => ("", "v1");

    public override void ToStored(JsonObject o)
    {
        foreach (var (view, stored) in s_names) Rename(o, view, stored);
    }

    public override void FromStored(JsonObject o)
    {
        foreach (var (view, stored) in s_names) Rename(o, stored, view);
    }

    public override string Field(string path)
    {
        foreach (var (view, stored) in s_names)
            if (path == view || path.StartsWith(view + ".", StringComparison.Ordinal)) return stored + path[view.Length..];
        return path;
    }
}
