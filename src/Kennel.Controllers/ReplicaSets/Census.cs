using Kennel.Client;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>The pods that matter to an owner, each looked at once. Finished pods matter to nobody.</summary>
sealed class Census
{
    readonly KeyValuePair<string, string>[] _template;

    public Census(Observed o)
    {
        _template = [.. o.View.Template.Metadata.Labels];
        var (uid, matches) = (o.View.Owner.Metadata.Uid, o.View.Matcher());
        foreach (var pod in o.Pods)
        {
            if (pod.IsFinished()) continue;
            var controller = pod.Metadata.Controller();
            if (controller is not null && controller.Uid != uid) continue;
            var fits = matches(pod);
            if (pod.IsTerminating()) Terminating += controller is not null && fits ? 1 : 0;
            else if (controller is null) { if (fits) Orphans.Add(pod); }
            else (fits ? Active : Strayed).Add(pod);
        }
    }

    /// <summary>Those that count as replicas.</summary>
    public List<Pod> Active { get; } = [];

    /// <summary>Ours that match no more.</summary>
    public List<Pod> Strayed { get; } = [];

    /// <summary>Nobody's that match.</summary>
    public List<Pod> Orphans { get; } = [];

    /// <summary>How many of ours are on their way out.</summary>
    public int Terminating { get; }

    public bool IsFullyLabeled(Pod pod) => View.HasAll(pod, _template);
}
