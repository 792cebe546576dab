namespace Kennel.Objects.Tables.Kinds;

/// <summary>A pod in a row: readiness, the word for its state, restarts.</summary>
public readonly record struct PodSummary(int Ready, int Total, string Status, long Restarts, DateTimeOffset? LastRestart)
{
    public static PodSummary Of(View pod)
    {
        var (spec, status) = (pod["spec"], pod["status"]);
        var sidecars = spec["initContainers"].Items.Where(c => c["restartPolicy"].Text == "Always").Select(c => c["name"].Text).ToHashSet();
        var total = spec["containers"].Count + sidecars.Count;
        var word = Start(status);
        var init = Init(status, sidecars, spec["initContainers"].Count);
        var containers = Containers(status, word);
        var sidecarsReady = init.SidecarsReady;
        var started = init.Word is null || status["conditions"].Condition("Initialized")["status"].Text == "True";
        var (ready, restarts, last) = started
            ? (containers.Ready + sidecarsReady, containers.Restarts + init.SidecarRestarts, Later(containers.Last, init.SidecarLast))
            : (sidecarsReady, init.Restarts, init.Last);
        word = started ? Finished(containers, status) : init.Word!;
        return new(ready, total, Deleted(pod, word), restarts, last);
    }

    static string Start(View status)
    {
        var word = status["reason"].TextOr(status["phase"].Text);
        return status["conditions"].Items.Any(c => c["type"].Text == "PodScheduled" && c["reason"].Text == "SchedulingGated") ? "SchedulingGated" : word;
    }

    readonly record struct InitState(string? Word, int SidecarsReady, long Restarts, DateTimeOffset? Last, long SidecarRestarts, DateTimeOffset? SidecarLast);

    static InitState Init(View status, HashSet<string> sidecars, int count)
    {
        var state = new InitState();
        var done = 0;
        foreach (var c in status["initContainerStatuses"].Items)
        {
            var sidecar = sidecars.Contains(c["name"].Text);
            state = state with { Restarts = state.Restarts + c["restartCount"].Number, Last = Later(state.Last, c["lastState"]["terminated"]["finishedAt"].Time) };
            if (sidecar)
                state = state with { SidecarRestarts = state.SidecarRestarts + c["restartCount"].Number, SidecarLast = Later(state.SidecarLast, c["lastState"]["terminated"]["finishedAt"].Time) };
            var (terminated, waiting) = (c["state"]["terminated"], c["state"]["waiting"]);
            if (sidecar && c["started"].True)
            {
                if (c["ready"].True) state = state with { SidecarsReady = state.SidecarsReady + 1 };
                done++;
                continue;
            }
            if (terminated.Exists && terminated["exitCode"].Number == 0) { done++; continue; }
            var word = terminated.Exists ? "Init:" + Exit(terminated) :
                waiting["reason"].Text is { Length: > 0 } reason and not "PodInitializing" ? "Init:" + reason : $"Init:{done}/{count}";
            return state with { Word = word };
        }
        return state;
    }

    readonly record struct ContainersState(string Word, int Ready, long Restarts, DateTimeOffset? Last, bool Running, string? Error);

    static ContainersState Containers(View status, string word)
    {
        var state = new ContainersState(word, 0, 0, null, false, null);
        foreach (var c in status["containerStatuses"].Items.Reverse())
        {
            var (terminated, waiting, running) = (c["state"]["terminated"], c["state"]["waiting"], c["state"]["running"]);
            state = state with { Restarts = state.Restarts + c["restartCount"].Number, Last = Later(state.Last, c["lastState"]["terminated"]["finishedAt"].Time) };
            if (waiting["reason"].Text is { Length: > 0 } reason) state = state with { Word = reason };
            else if (terminated.Exists)
            {
                state = state with { Word = Exit(terminated) };
                if (terminated["exitCode"].Number != 0) state = state with { Error = state.Word };
            }
            else if (c["ready"].True && running.Exists) state = state with { Running = true, Ready = state.Ready + 1 };
        }
        return state;
    }

    static string Finished(ContainersState c, View status) =>
        c.Word != "Completed" ? c.Word :
        c.Running && status["conditions"].Condition("Ready")["status"].Text == "True" ? "Running" :
        c.Error ?? (c.Running ? "NotReady" : c.Word);

    static string Exit(View terminated) =>
        terminated["reason"].Text is { Length: > 0 } reason ? reason :
        terminated["signal"].Number != 0 ? $"Signal:{terminated["signal"].Number}" : $"ExitCode:{terminated["exitCode"].Number}";

    static string Deleted(View pod, string word) =>
        !pod["metadata"]["deletionTimestamp"].Exists ? word :
        pod["status"]["reason"].Text == "NodeLost" ? "Unknown" :
        pod["status"]["phase"].Text is "Succeeded" or "Failed" ? word : "Terminating";

    static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null ? a : a > b ? a : b;
}
