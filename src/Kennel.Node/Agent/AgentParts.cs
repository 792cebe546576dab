using Kennel.Client;
using Kennel.Client.Events;
using Kennel.Node.Pods;
using Kennel.Node.Probes;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>What the agent works with: real or simulated.</summary>
/// <param name="Services">For the variables that tell containers of services.</param>
/// <param name="Events">Null records nothing.</param>
public sealed record AgentParts(IApi Api, IRuntime Runtime, IHost Host, IProber Prober, TimeProvider Time, Random Random)
{
    public ICache<Service>? Services { get; init; }

    public EventRecorder? Events { get; init; }

    public Action<string> Log { get; init; } = _ => { };
}

/// <summary>What the workers of one node share.</summary>
sealed class Shared(AgentParts parts, AgentOptions options, IReadOnlyDictionary<string, string> allocatable)
{
    public AgentParts Parts => parts;

    public AgentOptions Options => options;

    public IReadOnlyDictionary<string, string> Allocatable => allocatable;

    public VolumePaths Paths { get; } = new(options.DataFolder);

    public NodePlace Place { get; } = new(options.Node, options.Addresses, parts.Runtime.Version.Split("://")[0]);

    public SemaphoreSlim Slow { get; } = new(options.Parallel);

    public SemaphoreSlim Pulls { get; } = new(options.ParallelPulls);

    public Lookup Lookup { get; } = new(parts.Api);

    public VolumeSetup Volumes => field ??= new(parts.Host, Lookup, Paths, Place, allocatable, anonymous: parts.Runtime is Simulated.SimulatedRuntime);

    public DateTimeOffset Now => parts.Time.GetUtcNow();

    public void Say(Pod? pod, Notice notice)
    {
        if (pod is null || parts.Events is null || options.OnlyWarnings && !notice.Warning) return;
        var path = notice.Container is { } container ? $"spec.{ListOf(pod.Spec, container)}{{{container}}}" : null;
        parts.Events.Record("kubelet", new(pod, notice.Reason, notice.Message, notice.Warning, path, options.Node));
    }

    /// <summary>An event on the node itself.</summary>
    public void SayOfNode(Notice notice) =>
        parts.Events?.Record("kubelet", new(new Objects.Core.Node { Metadata = new() { Name = options.Node, Uid = options.Node } }, notice.Reason, notice.Message, notice.Warning, Host: options.Node));

    static string ListOf(PodSpec? spec, string container) =>
        spec?.InitContainers.Any(c => c.Name == container) == true ? "initContainers"
        : spec?.EphemeralContainers.Any(c => c.Name == container) == true ? "ephemeralContainers" : "containers";

    public IReadOnlyDictionary<string, string> ServiceVariables(string space, bool links)
    {
        if (parts.Services is not { } services) return new Dictionary<string, string>();
        return Pods.ServiceVariables.Of(links ? services.In(space) : [], services.Get(new("default", "kubernetes")), links);
    }
}
