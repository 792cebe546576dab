using System.Runtime.CompilerServices;
using Kennel.Node.Runtime.Cri;
using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>containerd's events of exits and OOM kills; reconnects for as long as it is read.</summary>
internal static class EventStream
{
    private static readonly string[] Filters = ["namespace==k8s.io,topic==/tasks/exit", "namespace==k8s.io,topic==/tasks/oom"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async IAsyncEnumerable<RuntimeEvent> Read(CriClient cri, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await using var events = cri.Events(Filters, cancel).GetAsyncEnumerator(cancel);
            var next = Next(events, cancel);
            yield return new RuntimeEvent("", "relist");
            while (await next is { } envelope)
            {
                if (Meaning(envelope) is { } found)
                {
                    yield return found;
                }
                next = Next(events, cancel);
            }
            if (!cancel.IsCancellationRequested)
            {
                await Task.Delay(Pause, time, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            }
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
