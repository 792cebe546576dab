using Kennel.Node.Pods;

namespace Kennel.Node.Agent;

/// <summary>Has a worker's steps done: notes at once, slow work and stops beside the rounds.</summary>
sealed partial class PodWorker
{
    /// <summary>True when it is done already, so that the next round can go on from there.</summary>
    bool Apply(PodStep step, Observed o)
    {
        switch (step)
        {
            case PodStep.Say say:
                _shared.Say(o.Pod, say.Notice);
                return false;
            case PodStep.BackOffSaid said:
                lock (_lock) _facts = _facts.With(said.Container, c => c with { BackOffSaid = said.Attempt });
                return false;
            case PodStep.Abandon:
                lock (_lock) _facts = _facts with { Busy = _facts.Busy! with { Abandoned = true } };
                _work?.Cancel();
                return false;
            case PodStep.Forget:
                End();
                return false;
            case PodStep.StopContainer stop:
                lock (_lock) _facts = _facts with { Stopping = _facts.Stopping.SetItem(stop.Id, new(_facts.Stopping.GetValueOrDefault(stop.Id)?.Since ?? o.Now, stop.GraceSeconds)) };
                return Beside(_effects.Stop(stop, o, _cancel));
            default:
                return BeginWork(step, o, PodEffects.WorkOf(step)!);
        }
    }

    bool BeginWork(PodStep step, Observed o, Work work)
    {
        _work?.Dispose();
        _work = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
        lock (_lock) _facts = _facts with { Busy = work };
        return Beside(Slow(step, o, _work.Token));
    }

    async Task<Func<Facts, Facts>> Slow(PodStep step, Observed o, CancellationToken cancel)
    {
        try
        {
            if (step is PodStep.Finish) await _writer.Idle;
            var change = await _effects.Do(step, step is PodStep.Finish ? Observe() : o, Identity.Uid, cancel);
            return facts => change(facts) with { Busy = null };
        }
        catch (OperationCanceledException)
        {
            return facts => facts with { Busy = null };
        }
        catch (Exception failed)
        {
            _shared.Parts.Log($"pod {Identity.Namespace}/{Identity.Name}: {step}: {failed.Message}");
            return facts => facts with
            {
                Busy = null,
                SandboxTrouble = Trouble.After(facts.SandboxTrouble, "Failed", failed.Message, _shared.Now, s_afterFailure, TimeSpan.FromSeconds(20)),
            };
        }
    }

    bool Beside(Task<Func<Facts, Facts>> effect)
    {
        var done = effect.IsCompleted;
        if (done) Learned(effect.Result);
        else _ = Later(effect);
        return done;
    }

    async Task Later(Task<Func<Facts, Facts>> effect)
    {
        try { Learned(await effect); }
        catch (OperationCanceledException) { }
    }

    void Learned(Func<Facts, Facts> change)
    {
        lock (_lock) (_facts, _stale, _learned) = (change(_facts), true, _learned + 1);
        Kick();
    }

    void End()
    {
        lock (_lock) _over = true;
        _probes.Dispose();
        _timer.Dispose();
        _lookAgain.Dispose();
        _work?.Dispose();
        _ended(this);
    }
}
