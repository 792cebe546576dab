using Kennel.Objects.Core;
using Kennel.Objects.Quantities;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>CPU and memory of containers that run: what the spec says now against what the container was given.</summary>
static class Resizing
{
    static readonly string[] s_resizable = ["cpu", "memory"];

    /// <summary>What of a container's resources can change while it runs.</summary>
    public static ResourceRequirements Wanted(Container spec)
    {
        var all = spec.Resources ?? ResourceRequirements.Empty;
        return new() { Limits = Picked(all.Limits), Requests = Picked(all.Requests) };
    }

    /// <summary>What a container was given; the spec's where nobody remembers.</summary>
    public static ResourceRequirements Given(Observed o, Container spec, RuntimeContainer c) =>
        o.Facts.Of(spec.Name).Resized is { } resized && resized.ContainerId == c.Id ? resized.Resources
        : c.Resources.Length > 0 ? Objects.Json.Read<ResourceRequirements>(System.Text.Encoding.UTF8.GetBytes(c.Resources)) : Wanted(spec);

    /// <summary>Containers that run with other resources than the spec says.</summary>
    public static IEnumerable<(Container Spec, RuntimeContainer Container)> Pending(Observed o)
    {
        if (o.Pod?.Metadata.Generation is null or <= 1) yield break; // every change of a spec counts
        foreach (var spec in o.Spec.Containers.Concat(o.Spec.InitContainers.Where(Restarts.IsSidecar)))
            if (o.Latest(spec.Name) is { Phase: Runtime.ContainerPhase.Running } c && !Same(Wanted(spec), Given(o, spec, c))) yield return (spec, c);
    }

    /// <summary>The first that can be changed in place, as a step. True when there is one.</summary>
    public static bool Steps(Observed o, Plan plan)
    {
        foreach (var (spec, c) in Pending(o))
        {
            if (o.Room is { } refused)
            {
                plan.Wait($"room for the new resources of container {spec.Name}: {refused.Message}", refused.Reason == "Deferred" ? o.Now + s_lookAgain : null);
                continue;
            }
            if (NeedsRestart(o, spec, c)) continue;
            if (o.Facts.Of(spec.Name).ResizeTrouble is { } trouble && o.Now < trouble.RetryAt)
            {
                plan.Wait($"the new resources of container {spec.Name}: {trouble.Message}", trouble.RetryAt);
                continue;
            }
            plan.Add(new PodStep.Resize(c.Id, spec.Name));
            return true;
        }
        return false;
    }

    static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(10);

    /// <summary>Its <c>resizePolicy</c> says that a resource that differs comes with a restart.</summary>
    public static bool NeedsRestart(Observed o, Container spec, RuntimeContainer c)
    {
        var (wanted, given) = (Wanted(spec), Given(o, spec, c));
        return spec.ResizePolicy.Any(p => p.RestartPolicy == "RestartContainer" && !(Same(wanted.Limits, given.Limits, p.ResourceName) && Same(wanted.Requests, given.Requests, p.ResourceName)));
    }

    /// <summary>What a pod's conditions say about it, upstream's words first.</summary>
    public static IEnumerable<(string Type, string? Reason, string? Message)> Conditions(Observed o)
    {
        var pending = Pending(o).ToList();
        if (pending.Count == 0) yield break;
        if (o.Room is { } refused) yield return ("PodResizePending", refused.Reason, refused.Message);
        else
        {
            var trouble = pending.Select(p => o.Facts.Of(p.Spec.Name).ResizeTrouble).FirstOrDefault(t => t is not null);
            yield return ("PodResizeInProgress", trouble is null ? null : "Error", trouble?.Message);
        }
    }

    static Dictionary<string, string> Picked(IReadOnlyDictionary<string, string> all) =>
        s_resizable.Where(all.ContainsKey).ToDictionary(name => name, name => all[name], StringComparer.Ordinal);

    static bool Same(ResourceRequirements a, ResourceRequirements b) => Array.TrueForAll(s_resizable, name => Same(a.Limits, b.Limits, name) && Same(a.Requests, b.Requests, name));

    static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b, string name) =>
        a.GetValueOrDefault(name) is var x && b.GetValueOrDefault(name) is var y && (x == y || Quantity.TryParse(x, out var p) && Quantity.TryParse(y, out var q) && p == q);
}
