using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>The <c>status</c> that an observation means, in kubelet's words. Pure; what others wrote into it (conditions, qosClass) stays.</summary>
public static class StatusOf
{
    public static PodStatus Pod(Observed o)
    {
        var before = o.Pod?.Status ?? PodStatus.Empty;
        if (o.Facts.Rejected is { } refused) return Rejected(before, refused, o);
        var fate = Fate.Of(o);
        var ended = fate is not null && !o.Live().Any() && o.Facts.Busy is not { Kind: Work.Start };
        var inits = ContainerStatuses.Of(o, o.Spec.InitContainers, before.InitContainerStatuses, fate, init: true);
        var mains = ContainerStatuses.Of(o, o.Spec.Containers, before.ContainerStatuses, fate, init: false);
        // The end is told when it has come: until then something may still write to the pod's volumes.
        var phase = fate?.Phase is { } final && (ended || before.Phase == final) ? final : Phase.Of(o.Spec, inits, mains, ended);
        if (!ended && phase is ("Failed" or "Succeeded") && before.Phase != phase) phase = o.Live().Any() ? "Running" : before.Phase ?? "Pending";
        var generation = o.Pod?.Metadata.Generation;
        return before with
        {
            Phase = phase,
            Reason = fate?.Reason ?? (ended ? before.Reason : null),
            Message = fate?.Message ?? (ended ? before.Message : null),
            StartTime = before.StartTime ?? Times.Whole(o.Facts.SeenAt),
            HostIP = Address(o),
            HostIPs = [.. o.Node.Addresses.Select(a => new HostIP { Ip = a })],
            PodIP = Ips(o, before).Select(p => p.Ip).FirstOrDefault(),
            PodIPs = Ips(o, before),
            InitContainerStatuses = inits,
            ContainerStatuses = mains,
            EphemeralContainerStatuses = ContainerStatuses.OfEphemeral(o, before.EphemeralContainerStatuses, fate),
            ObservedGeneration = generation,
            Conditions = Conditions.Of(o, phase, inits, mains, before.Conditions),
        };
    }

    static string? Address(Observed o) => o.Node.Addresses.Length > 0 ? o.Node.Addresses[0] : null;

    static IReadOnlyList<PodIP> Ips(Observed o, PodStatus before)
    {
        if (o.Spec.HostNetwork == true) return [.. o.Node.Addresses.Select(a => new PodIP { Ip = a })];
        return o.Current is { Ips.Count: > 0 } sandbox ? [.. sandbox.Ips.Select(ip => new PodIP { Ip = ip })] : before.PodIPs;
    }

    static PodStatus Rejected(PodStatus before, Refused refused, Observed o) => before with
    {
        Phase = "Failed", Reason = refused.Reason, Message = refused.Message, StartTime = before.StartTime ?? Times.Whole(o.Facts.SeenAt), ObservedGeneration = o.Pod?.Metadata.Generation,
    };
}

/// <summary>The API keeps whole seconds: what we write must compare equal to what we read back.</summary>
static class Times
{
    public static DateTimeOffset Whole(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    public static DateTimeOffset? Whole(DateTimeOffset? time) => time is { } t ? Whole(t) : null;
}
