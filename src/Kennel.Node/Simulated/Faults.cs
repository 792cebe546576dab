using Kennel.Node.Runtime;

namespace Kennel.Node.Simulated;

/// <summary>What goes wrong on demand.</summary>
public sealed partial class SimulatedRuntime
{
    /// <summary>A container's process ends by itself.</summary>
    public void Exit(string containerId, int exitCode, string? reason = null)
    {
        lock (_lock) End(containerId, exitCode, reason ?? (exitCode == 0 ? "Completed" : "Error"));
    }

    /// <summary>Events may have been missed: whoever listens has to look.</summary>
    public void LoseEvents() => _events.Writer.TryWrite(new("", "lost"));

    /// <summary>A sandbox dies with all that is in it.</summary>
    public void KillSandbox(string sandboxId)
    {
        lock (_lock)
        {
            if (!_sandboxes.TryGetValue(sandboxId, out var sandbox)) return;
            foreach (var c in sandbox.Containers) End(c.Id, 137, "Error");
            _sandboxes[sandboxId] = _sandboxes[sandboxId] with { Ready = false, Ips = [] };
            _events.Writer.TryWrite(new(sandboxId, "exit"));
        }
    }

    /// <summary>The machine restarts: every sandbox is dead.</summary>
    public void CrashNode()
    {
        string[] all;
        lock (_lock) all = [.. _sandboxes.Keys];
        foreach (var id in all) KillSandbox(id);
    }

    async Task Finish(string containerId, Ending ending)
    {
        if (ending.After > TimeSpan.Zero) await Task.Delay(ending.After, time);
        lock (_lock) End(containerId, ending.ExitCode, ending.ExitCode == 0 ? "Completed" : "Error");
    }

    void End(string containerId, int exitCode, string reason)
    {
        var ended = Change(containerId, c => c.Phase is ContainerPhase.Exited ? c : c with
        {
            Phase = ContainerPhase.Exited, StartedAt = c.StartedAt ?? c.CreatedAt, FinishedAt = time.GetUtcNow(), ExitCode = exitCode, Reason = reason,
        });
        if (ended) _events.Writer.TryWrite(new(containerId, "exit"));
    }

    /// <summary>True when something changed.</summary>
    bool Change(string containerId, Func<ContainerState, ContainerState> change)
    {
        if (!_sandboxOf.TryGetValue(containerId, out var id) || !_sandboxes.TryGetValue(id, out var sandbox)) return false;
        var containers = sandbox.Containers.ToArray();
        var index = Array.FindIndex(containers, c => c.Id == containerId);
        if (index < 0 || change(containers[index]) is var next && ReferenceEquals(next, containers[index])) return false;
        containers[index] = next;
        _sandboxes[id] = sandbox with { Containers = containers };
        return true;
    }

    void Forget(string containerId)
    {
        _sandboxOf.Remove(containerId);
        _endings.Remove(containerId);
    }
}
