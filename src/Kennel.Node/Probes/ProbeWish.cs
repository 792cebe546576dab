using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Probes;

/// <summary>A probe that is to run now.</summary>
/// <param name="Kind">startup, readiness or liveness.</param>
public sealed record ProbeWish(string ContainerId, string Kind, Container Container, Probe Probe, DateTimeOffset StartedAt, string Ip)
{
    public const string Startup = "Startup", Readiness = "Readiness", Liveness = "Liveness";

    public string Key => $"{ContainerId}/{Kind}";

    /// <summary>Which probes an observation calls for: startup first, the others once it has passed; on the way out only readiness.</summary>
    public static IEnumerable<ProbeWish> Of(Observed o)
    {
        if (o.Pod is null || o.Gone || o.Current is not { Ready: true } sandbox) yield break;
        var ending = Fate.Of(o) is not null;
        var ip = o.Spec.HostNetwork == true ? o.Node.Addresses.FirstOrDefault() ?? "127.0.0.1" : sandbox.Ips.Count > 0 ? sandbox.Ips[0] : "127.0.0.1";
        foreach (var spec in o.Spec.Containers.Concat(o.Spec.InitContainers.Where(Restarts.IsSidecar)))
        {
            if (o.Latest(spec.Name) is not { Phase: ContainerPhase.Running } c || o.Facts.Stopping.ContainsKey(c.Id) && !ending) continue;
            var since = c.StartedAt ?? c.CreatedAt;
            if (!o.Started(spec, c))
            {
                if (spec.StartupProbe is { } startup && !ending && o.Facts.Busy is not { Kind: Work.Start }) yield return new(c.Id, Startup, spec, startup, since, ip);
                continue;
            }
            if (spec.ReadinessProbe is { } readiness) yield return new(c.Id, Readiness, spec, readiness, since, ip);
            if (spec.LivenessProbe is { } liveness && !ending) yield return new(c.Id, Liveness, spec, liveness, since, ip);
        }
    }
}
