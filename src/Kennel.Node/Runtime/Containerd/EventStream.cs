using System.Runtime.CompilerServices;
using Kennel.Node.Runtime.Cri;
using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>containerd's events of exits and OOM kills; reconnects for as long as it is read.</summary>
internal static class EventStream
{
    private static readonly string[] Filters = ["namespace==k8s.io,topic==/tasks/exit", "namespace==k8s.io,topic==/tasks/oom"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // After containerd was started anew, a container's own supervisor may lose the one event it has to tell: its end is seen at the next look.
    private static readonly TimeSpan Relist = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<RuntimeEvent> Read(CriClient cri, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (!await Answers(cri, cancel)) // its CRI part begins later than its events: who hears "relist" must be able to
            {
                await Wait(time, cancel);
                continue;
            }
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var events = cri.Events(Filters, ending.Token).GetAsyncEnumerator(ending.Token);
            var next = Next(events, ending.Token);
            try
            {
                yield return new RuntimeEvent("", "relist");
                while (true)
                {
                    if (!await Within(next, Relist, time, cancel))
                    {
                        yield return new RuntimeEvent("", "relist");
                        continue;
                    }
                    if (await next is not { } envelope)
                    {
                        break;
                    }
                    next = Next(events, ending.Token);
                    if (Meaning(envelope) is { } found)
                    {
                        yield return found;
                    }
                }
            }
            finally // the reader may leave at any yield, while we wait for the next
            {
                await ending.CancelAsync();
                await next;
                await events.DisposeAsync();
            }
            await Wait(time, cancel);
        }
    }

    private static async Task<bool> Answers(CriClient cri, CancellationToken cancel)
    {
        try
        {
            await cri.Version(TimeSpan.FromSeconds(5), cancel);
            return true;
        }
        catch (Exception refused) when (refused is GrpcException || (refused is OperationCanceledException && cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>False when it took longer.</summary>
    private static async Task<bool> Within(Task work, TimeSpan limit, TimeProvider time, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timer = Task.Delay(limit, time, enough.Token);
        var first = await Task.WhenAny(work, timer);
        await enough.CancelAsync();
        return first == work || cancel.IsCancellationRequested;
    }

    private static async Task Wait(TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Pause, time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // the reader sees that itself
        }
    }

    private static async Task<Envelope?> Next(IAsyncEnumerator<Envelope> events, CancellationToken cancel)
    {
        try
        {
            return await events.MoveNextAsync() ? events.Current : null;
        }
        catch (Exception ended) when (ended is GrpcException || (ended is OperationCanceledException && cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private static RuntimeEvent? Meaning(Envelope envelope)
    {
        switch (envelope.Topic)
        {
            case "/tasks/exit":
                var exit = TaskExit.Parser.ParseFrom(envelope.Event.Value);
                return exit.Id.Length > 0 && exit.Id != exit.ContainerId ? null : new RuntimeEvent(exit.ContainerId, "exit"); // the others are exec's
            case "/tasks/oom":
                return new RuntimeEvent(TaskOom.Parser.ParseFrom(envelope.Event.Value).ContainerId, "oom");
            default:
                return null;
        }
    }
}
