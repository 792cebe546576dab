using Kennel.Node.Pods;

namespace Kennel.Node.Probes;

/// <summary>The probes of one pod that run now, each a loop of its own. They bring facts; they decide nothing.</summary>
/// <param name="learned">Takes a change of the facts in.</param>
/// <param name="say">Records an event.</param>
sealed class ProbeLoops(IProber prober, TimeProvider time, Action<Func<Facts, Facts>> learned, Action<Notice> say) : IDisposable
{
    readonly SortedDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Starts what is wished and doesn't run; ends what runs and isn't wished any more.</summary>
    public void Follow(Observed o)
    {
        if (_running.Count == 0 && o.Spec.Containers.All(c => c.ReadinessProbe is null && c.LivenessProbe is null && c.StartupProbe is null) && o.Spec.InitContainers.Count == 0) return;
        var wishes = ProbeWish.Of(o).ToList();
        foreach (var key in _running.Keys.Except(wishes.Select(w => w.Key), StringComparer.Ordinal).ToList()) End(key);
        foreach (var wish in wishes.Where(w => !_running.ContainsKey(w.Key)))
        {
            var cancel = _running[wish.Key] = new CancellationTokenSource();
            _ = Loop(wish, Remembered(o, wish), cancel.Token);
        }
    }

    /// <summary>A container that was ready before this agent took it over stays so until a probe says otherwise.</summary>
    static bool Remembered(Observed o, ProbeWish wish)
    {
        if (wish.Kind == ProbeWish.Liveness) return true;
        var probes = o.Facts.Of(wish.Container.Name).Probes;
        return wish.Kind == ProbeWish.Readiness && probes.ContainerId == wish.ContainerId && probes.Ready;
    }

    async Task Loop(ProbeWish wish, bool passing, CancellationToken cancel)
    {
        try
        {
            var first = wish.StartedAt.AddSeconds(wish.Probe.InitialDelaySeconds ?? 0) - time.GetUtcNow();
            if (first > TimeSpan.Zero) await Task.Delay(first, time, cancel);
            else await Task.Yield();
            var count = new ProbeCount(passing);
            var period = TimeSpan.FromSeconds(Math.Max(1, wish.Probe.PeriodSeconds ?? 10));
            while (true)
            {
                count = await Once(wish, count, cancel);
                if (Over(wish, count)) return;
                await Task.Delay(period, time, cancel);
            }
        }
        catch (OperationCanceledException) { }
    }

    static bool Over(ProbeWish wish, ProbeCount count) => wish.Kind != ProbeWish.Readiness && count.InRow > 0 && (count.HasFailed(wish.Probe) || wish.Kind == ProbeWish.Startup && count.Passing);

    async Task<ProbeCount> Once(ProbeWish wish, ProbeCount count, CancellationToken cancel)
    {
        var timeout = TimeSpan.FromSeconds(Math.Max(1, wish.Probe.TimeoutSeconds ?? 1));
        ProbeAnswer answer;
        try
        {
            answer = await prober.Ask(new(wish.Container, wish.ContainerId, wish.Ip, ProbeQuestion.Of(wish.Probe), timeout), cancel);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            answer = new(false, failed.Message);
        }
        cancel.ThrowIfCancellationRequested();
        if (!answer.Passed) say(new("Unhealthy", $"{wish.Kind} probe failed: {answer.Text}", Warning: true, wish.Container.Name));
        var next = count.After(answer.Passed, wish.Probe) with { LastFailure = answer.Passed ? null : $"{wish.Kind.ToLowerInvariant()} probe failed, {answer.Why}" };
        Tell(wish, count, next);
        return next;
    }

    void Tell(ProbeWish wish, ProbeCount before, ProbeCount now)
    {
        var failed = now.HasFailed(wish.Probe);
        var news = wish.Kind != ProbeWish.Liveness && before.LastFailure != now.LastFailure; // for those who wait for it
        if (news || (wish.Kind == ProbeWish.Readiness ? before.Passing != now.Passing || before.InRow == 0 : wish.Kind == ProbeWish.Startup ? failed || now.Passing : failed))
            learned(facts => facts.With(wish.Container.Name, c => c with { Probes = After(wish, c.Probes, now, failed) }));
    }

    static Probed After(ProbeWish wish, Probed before, ProbeCount now, bool failed)
    {
        var probes = before.ContainerId == wish.ContainerId ? before : new Probed(wish.ContainerId, Started: false, Ready: false);
        if (wish.Kind == ProbeWish.Readiness) return probes with { Ready = now.Passing, LastFailure = now.LastFailure };
        if (failed) return probes with { Unhealthy = wish.Kind.ToLowerInvariant(), GraceSeconds = wish.Probe.TerminationGracePeriodSeconds };
        return now.Passing ? probes with { Started = true, LastFailure = null } : probes with { LastFailure = now.LastFailure };
    }

    void End(string key)
    {
        if (!_running.Remove(key, out var cancel)) return;
        cancel.Cancel();
        cancel.Dispose();
    }

    public void Dispose()
    {
        foreach (var key in _running.Keys.ToList()) End(key);
    }
}
