using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Kennel.Store.Memory;

/// <summary>One reader of changes: a position, and a wait that can be used again and again without allocating.</summary>
internal sealed class Watcher(Watchers watchers, Topic topic) : IValueTaskSource<Wake>, IDisposable
{
    // The writer must never run a reader's code.
    private ManualResetValueTaskSourceCore<Wake> _wait = new() { RunContinuationsAsynchronously = true };

    public Topic Topic => topic;

    public bool Waiting { get; private set; }

    public bool Cancelled { get; set; }

    /// <summary>The first revision that this watcher hasn't looked at. Invariant while it waits: nothing under its prefix was published from there on.</summary>
    public long Next { get; private set; }

    public static async IAsyncEnumerable<Batch> Watch(
        Watchers watchers, string prefix, long after, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var watcher = watchers.Add(prefix);
        await using var stop = cancel.UnsafeRegister(static self => ((Watcher)self!).Cancel(), watcher);
        var next = after + 1;
        var tell = true; // even when nothing is there for it: first, and at a progress mark
        while (true)
        {
            var state = watchers.Published;
            if (state.Revision >= next)
            {
                var batch = watcher.Topic.Read(state, next);
                next = batch.Revision + 1;
                if (tell || batch.Changes.Count > 0) yield return batch;
            }

            var wake = await watchers.Wait(watcher, next);
            cancel.ThrowIfCancellationRequested();
            if (wake.Reason == WakeReason.Closed) yield break;
            tell = wake.Reason == WakeReason.Progress;
            next = wake.From;
        }
    }

    public void Dispose()
    {
        Cancel();
        watchers.Remove(topic);
    }

    public ValueTask<Wake> Start(long next)
    {
        Next = next;
        Waiting = true;
        _wait.Reset();
        topic.Add(this);
        return new ValueTask<Wake>(this, _wait.Version);
    }

    public void End(Wake wake)
    {
        Waiting = false;
        _wait.SetResult(wake);
    }

    Wake IValueTaskSource<Wake>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Wake>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<Wake>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void Cancel() => watchers.Cancel(this);
}

internal enum WakeReason { Changes, Progress, Closed }

/// <param name="From">Where to read on: nothing before it is for this watcher.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Wake(WakeReason Reason, long From);
