using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Writing;

enum Fate { Gone, Marked, Unchanged }

/// <param name="Object">The object as it is to be stored, or as its watchers see it last.</param>
sealed record Verdict(Fate Fate, JsonObject Object);

/// <summary>What a DELETE makes of an object: a pure decision from the object, the options and the time.</summary>
static class Deletion
{
    const string Orphan = "orphan";
    const string Foreground = "foregroundDeletion";

    public static Verdict Decide(JsonObject live, ResourceType type, DeleteOptions options, DateTimeOffset now)
    {
        if (Grace(live, type, options) is not { } grace) return new(Fate.Unchanged, live);
        var next = live.DeepClone().AsObject();
        SetFinalizers(next, type, options);
        if (type is { Group: "", Kind: "Namespace" } && !live.Deleting()) next.Child("status")["phase"] = "Terminating";
        var gone = grace == 0 && !IsHeld(next);
        if (!gone || live.Deleting()) Mark(next, grace, now);
        return gone ? new(Fate.Gone, next) : JsonNode.DeepEquals(next, live) ? new(Fate.Unchanged, live) : new(Fate.Marked, next);
    }

    /// <summary>A deleted object that nothing holds any more.</summary>
    public static bool Finished(JsonObject o) => o.Deleting() && o.Metadata().Number("deletionGracePeriodSeconds") is null or 0 && !IsHeld(o);

    static bool IsHeld(JsonObject o) => o.HasFinalizers() || (o.Text("kind") == "Namespace" && o.Object("spec")?["finalizers"] is JsonArray { Count: > 0 });

    /// <summary>Seconds to wait for whoever ends it; null when a deletion that is under way stays as it is: it can only become shorter.</summary>
    static long? Grace(JsonObject live, ResourceType type, DeleteOptions options)
    {
        if (!live.Deleting()) return KindRules.For(type).GraceSeconds(JsonSerializer.SerializeToElement(live), options.GraceSeconds);
        var current = live.Metadata().Number("deletionGracePeriodSeconds") ?? 0;
        var asked = options.GraceSeconds is < 0 ? 1 : options.GraceSeconds;
        return current == 0 ? 0 : asked < current ? asked : null;
    }

    static void Mark(JsonObject o, long grace, DateTimeOffset now)
    {
        var metadata = o.Metadata();
        var before = metadata.Number("deletionGracePeriodSeconds");
        if (metadata.Text("deletionTimestamp") is { Length: > 0 } old)
        {
            if (before == grace) return;
            metadata["deletionTimestamp"] = Wire.Time(Wire.Time(old).AddSeconds(grace - (before ?? 0)));
        }
        else
        {
            metadata["deletionTimestamp"] = Wire.Time(now.AddSeconds(grace));
            if (metadata.Number("generation") is > 0 and var generation) metadata["generation"] = generation + 1;
        }
        metadata["deletionGracePeriodSeconds"] = grace;
    }

    static void SetFinalizers(JsonObject o, ResourceType type, DeleteOptions options)
    {
        var finalizers = o.Metadata().Texts("finalizers").ToList();
        var policy = options switch
        {
            { OrphanDependents: true } => "Orphan",
            { OrphanDependents: false } => "Background",
            { Propagation.Length: > 0 } => options.Propagation,
            _ when finalizers.Contains(Orphan) => "Orphan",
            _ when finalizers.Contains(Foreground) => "Foreground",
            _ => KindRules.For(type).DefaultPropagation.ToString(),
        };
        if (policy == "Orphan") o.AddFinalizer(Orphan); else o.RemoveFinalizer(Orphan);
        if (policy == "Foreground") o.AddFinalizer(Foreground); else o.RemoveFinalizer(Foreground);
    }
}
