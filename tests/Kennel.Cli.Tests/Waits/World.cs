using Kennel.Cli.Waits;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Cli.Tests.Waits;

/// <summary>A cluster on paper: the set web, its pods, their claims and volumes.</summary>
static class World
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static Cluster Of(params IObject[] objects) => new(
        [.. objects.OfType<StatefulSet>()], [.. objects.OfType<Deployment>()], [.. objects.OfType<ReplicaSet>()],
        [.. objects.OfType<Pod>()], [.. objects.OfType<PersistentVolumeClaim>()], [.. objects.OfType<PersistentVolume>()]);

    public static StatefulSet Set(int ready, int replicas) => new()
    {
        Metadata = Named("web"),
        Spec = new() { Replicas = replicas, ServiceName = "nginx", VolumeClaimTemplates = [new() { Metadata = new() { Name = "www" } }] },
        Status = new() { ReadyReplicas = ready },
    };

    public static Pod Pod(int ordinal, bool ready = false, string owner = "web") => new()
    {
        Metadata = Named($"{owner}-{ordinal}", owner),
        Spec = new() { Volumes = [new() { Name = "www", PersistentVolumeClaim = new() { ClaimName = $"www-{owner}-{ordinal}" } }] },
        Status = new() { Phase = ready ? "Running" : "Pending", Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False" }] },
    };

    public static PersistentVolumeClaim Claim(string name, string phase = "Pending", string? volume = null, bool leaving = false) => new()
    {
        Metadata = Named(name) with { DeletionTimestamp = leaving ? Now : null },
        Spec = new() { VolumeName = volume },
        Status = new() { Phase = phase },
    };

    public static PersistentVolume Volume(string name) => new() { Metadata = new() { Name = name, Uid = name }, Status = new() { Phase = "Available" } };

    public static Wait Wait(string by, string resource, string name, string what, int seconds = 20, int? retryIn = null, int failures = 0) =>
        new(by, resource, new(resource == "persistentvolumes" ? "" : "default", name), what, failures, Now.AddSeconds(-seconds), retryIn is { } after ? Now.AddSeconds(after) : null);

    public static ObjectMeta Named(string name, string? owner = null) => new()
    {
        Namespace = "default", Name = name, Uid = name,
        OwnerReferences = owner is null ? [] : [new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = owner, Uid = owner, Controller = true }],
    };
}
