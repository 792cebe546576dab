using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>A pod's phase from its containers, counted as upstream counts.</summary>
static class Phase
{
    /// <param name="ended">Nothing runs and nothing will be started again.</param>
    public static string Of(PodSpec spec, IReadOnlyList<ContainerStatus> inits, IReadOnlyList<ContainerStatus> mains, bool ended)
    {
        int pendingInit = 0, failedInit = 0;
        for (var i = 0; i < inits.Count; i++)
        {
            var s = inits[i];
            if (Restarts.IsSidecar(spec.InitContainers[i]))
            {
                if (s.Started != true && s.State?.Terminated is null && s.LastState?.Terminated is null) pendingInit++;
            }
            else if (s.State?.Terminated is { } t)
            {
                if (t.ExitCode != 0) failedInit++;
            }
            else pendingInit++;
        }
        int running = 0, waiting = 0, stopped = 0, succeeded = 0;
        foreach (var s in mains)
        {
            if (s.State?.Running is not null) running++;
            else if (s.State?.Terminated is { } t) (stopped, succeeded) = (stopped + 1, succeeded + (t.ExitCode == 0 ? 1 : 0));
            else if (s.LastState?.Terminated is not null) stopped++;
            else waiting++;
        }
        if (failedInit > 0 && spec.RestartPolicy == Restarts.Never) return "Failed";
        if (ended && stopped > 0 && running == 0) return stopped == succeeded && waiting == 0 ? "Succeeded" : "Failed";
        if (ended) return "Failed";
        if (failedInit > 0 || pendingInit > 0 && running == 0 && stopped == 0 || waiting > 0) return "Pending";
        if (running > 0) return "Running";
        if (stopped == 0) return "Pending";
        if (spec.RestartPolicy is null or Restarts.Always) return "Running";
        if (stopped == succeeded) return "Succeeded";
        return spec.RestartPolicy == Restarts.Never ? "Failed" : "Running";
    }
}
