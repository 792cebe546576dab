using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Tests;

/// <summary>Objects for tests, with what the API server would have filled in.</summary>
static class Make
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ObjectMeta Meta(string name, string? space = "default") => new()
    {
        Name = name,
        Namespace = space,
        Uid = "uid-" + name,
        ResourceVersion = "7",
        CreationTimestamp = Now.AddMinutes(-5),
    };

    public static PersistentVolumeClaim Claim(string name, string? kind = null, string size = "1Gi", string mode = "ReadWriteOnce", string? volume = null) => new()
    {
        Metadata = Meta(name),
        Spec = new()
        {
            AccessModes = [mode],
            StorageClassName = kind,
            VolumeName = volume,
            Resources = new() { Requests = Map(("storage", size)) },
        },
        Status = new() { Phase = "Pending" },
    };

    public static PersistentVolumeClaim Bound(this PersistentVolumeClaim claim, string volume) => claim with
    {
        Metadata = claim.Metadata with { Annotations = Map((Marks.BindCompleted, "yes"), (Marks.BoundByController, "yes")) },
        Spec = claim.Spec! with { VolumeName = volume },
        Status = new() { Phase = "Bound", AccessModes = claim.Spec!.AccessModes, Capacity = claim.Spec.Resources?.Requests ?? Map() },
    };

    public static PersistentVolumeClaim Noted(this PersistentVolumeClaim claim, string annotation, string value) =>
        claim with { Metadata = claim.Metadata with { Annotations = Map([.. claim.Metadata.Annotations.Select(a => (a.Key, a.Value)), (annotation, value)]) } };

    public static PersistentVolume Volume(string name, string size = "1Gi", string? kind = null, string phase = "Available", params string[] modes) => new()
    {
        Metadata = Meta(name, null),
        Spec = new()
        {
            AccessModes = modes.Length == 0 ? ["ReadWriteOnce"] : modes,
            Capacity = Map(("storage", size)),
            StorageClassName = kind,
            PersistentVolumeReclaimPolicy = "Retain",
            HostPath = new() { Path = "/data/" + name },
        },
        Status = new() { Phase = phase },
    };

    public static PersistentVolume For(this PersistentVolume volume, PersistentVolumeClaim claim, bool uid = true) => volume with
    {
        Spec = volume.Spec! with
        {
            ClaimRef = new() { Kind = "PersistentVolumeClaim", ApiVersion = "v1", Namespace = claim.Metadata.Namespace, Name = claim.Metadata.Name, Uid = uid ? claim.Metadata.Uid : null },
        },
    };

    public static StorageClass Class(string name, string provisioner = "rancher.io/local-path", bool waits = true, bool isDefault = false) => new()
    {
        Metadata = Meta(name, null) with { Annotations = isDefault ? Map((Marks.DefaultClass, "true")) : Map() },
        Provisioner = provisioner,
        VolumeBindingMode = waits ? "WaitForFirstConsumer" : "Immediate",
        ReclaimPolicy = "Delete",
    };

    public static Pod Pod(string name, string? node = null, string? cpu = null, string? memory = null, params string[] claims) => new()
    {
        Metadata = Meta(name),
        Spec = new()
        {
            NodeName = node,
            Containers = [new() { Name = "main", Resources = new() { Requests = Map([.. Asked(cpu, memory)]) } }],
            Volumes = [.. claims.Select(c => new Volume { Name = c, PersistentVolumeClaim = new() { ClaimName = c } })],
        },
        Status = new() { Phase = "Pending" },
    };

    public static Node Node(string name, string cpu = "4", string memory = "8Gi", int pods = 110, bool ready = true, params (string, string)[] labels) => new()
    {
        Metadata = Meta(name, null) with { Labels = Map([("kubernetes.io/hostname", name), .. labels]) },
        Spec = new(),
        Status = new()
        {
            Allocatable = Map(("cpu", cpu), ("memory", memory), ("pods", $"{pods}")),
            Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False", LastHeartbeatTime = Now }],
        },
    };

    public static SortedDictionary<string, string> Map(params (string Key, string Value)[] pairs)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs) map[key] = value;
        return map;
    }

    static IEnumerable<(string, string)> Asked(string? cpu, string? memory)
    {
        if (cpu is not null) yield return ("cpu", cpu);
        if (memory is not null) yield return ("memory", memory);
    }
}
