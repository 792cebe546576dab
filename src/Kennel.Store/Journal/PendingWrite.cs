namespace Kennel.Store.Journal;

/// <summary>A write (or, without one, a wish to compact) that waits for its turn and then for the disk.</summary>
internal sealed class PendingWrite(Write? write, long forget = 0)
{
    // The writer thread must never run a caller's code.
    private readonly TaskCompletionSource<WriteOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Write? Write => write;

    /// <summary>History before this revision is to be forgotten.</summary>
    public long Forget => forget;

    public WriteOutcome Outcome { get; set; }

    public Task<WriteOutcome> Done => _done.Task;

    public int Weight => ((write?.Value ?? write?.Last)?.Length ?? 0) + (write?.Key.Length ?? 0);

    public void Acknowledge() => _done.SetResult(Outcome);

    public void Fail(Exception reason) => _done.SetException(reason);
}
