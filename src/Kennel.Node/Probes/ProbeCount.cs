using Kennel.Objects.Core;

namespace Kennel.Node.Probes;

/// <summary>Counts a probe's results in a row until a threshold makes them count. Pure.</summary>
/// <param name="Passing">What holds now: readiness and startup begin as false, liveness as true.</param>
/// <param name="InRow">How many results in a row said the same as the last one.</param>
/// <param name="LastFailure">What the last result said, if it was a failure.</param>
public sealed record ProbeCount(bool Passing, bool LastPassed = false, int InRow = 0, string? LastFailure = null)
{
    /// <summary>The count after one more result; <see cref="Passing"/> turns only when the threshold is reached.</summary>
    public ProbeCount After(bool passed, Probe spec)
    {
        var row = InRow > 0 && passed == LastPassed ? InRow + 1 : 1;
        var needed = passed ? spec.SuccessThreshold ?? 1 : spec.FailureThreshold ?? 3;
        return new(row >= needed ? passed : Passing, passed, row);
    }

    /// <summary>The failures have just reached the threshold.</summary>
    public bool HasFailed(Probe spec) => !LastPassed && InRow >= (spec.FailureThreshold ?? 3);
}
