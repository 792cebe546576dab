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

    /// <summary>Grace of a pod that says nothing itself.</summary>
    const long DefaultGraceSeconds = 30;

    public static Verdict Decide(JsonObject live, ResourceType type, DeleteOptions options, DateTimeOffset now)
    {
        var next = live.DeepClone().AsObject();
        var grace = 0L;
        if (type is { Group: "", Kind: "Pod" })
        {
            if (PodGrace(live, options) is not { } seconds) return new(Fate.Unchanged, live);
            grace = seconds;
        }
        SetFinalizers(next, type, options);
        if (type is { Group: "", Kind: "Namespace" } && !live.Deleting()) next.Child("status")["phase"] = "Terminating";
        if (grace > 0 || IsHeld(next)) Mark(next, grace, now);
        else
        {
            if (type is { Group: "", Kind: "Pod" }) Mark(next, 0, now);
            return new(Fate.Gone, next);
        }
        return JsonNode.DeepEquals(next, live) ? new(Fate.Unchanged, live) : new(Fate.Marked, next);
    }

    /// <summary>A deleted object that nothing holds any more.</summary>
    public static bool Finished(JsonObject o) => o.Deleting() && o.Metadata().Number("deletionGracePeriodSeconds") is null or 0 && o.Deleting() && !IsHeld(o);

    static bool IsHeld(JsonObject o) => o.HasFinalizers() || (o.Text("kind") == "Namespace" && o.Object("spec")?["finalizers"] is JsonArray { Count: > 0 });

    /// <summary>Seconds to wait for the node; null when a deletion that is under way stays as it is.</summary>
    static long? PodGrace(JsonObject live, DeleteOptions options)
    {
        var asked = options.GraceSeconds is < 0 ? 1 : options.GraceSeconds;
        if (live.Deleting())
        {
            // It can only become shorter.
            var current = live.Metadata().Number("deletionGracePeriodSeconds") ?? 0;
            return asked < current ? asked : current == 0 && !live.HasFinalizers() ? 0 : null;
        }
        if (live.Object("spec").Text("nodeName").Length == 0 || live.Object("status").Text("phase") is "Succeeded" or "Failed") return 0;
        var own = live.Object("spec").Number("terminationGracePeriodSeconds") ?? DefaultGraceSeconds;
        return asked ?? (own < 0 ? 1 : own);
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
