using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Events;
using Kennel.Client.Running;
using Kennel.Node.Agent;
using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Cli.Waits;

/// <summary>
/// Says by an event on a set what it waits for, once that has lasted a while: shorter waits are the course of things. Other kinds have
/// upstream's events and conditions for it.
/// </summary>
/// <param name="waits">The controllers'.</param>
/// <param name="pods">The nodes'; asked only when a set has waited long.</param>
sealed class LongWaits(Func<IEnumerable<Wait>> waits, Func<IEnumerable<PodWaiting>> pods, ICache<StatefulSet> sets, EventRecorder events, TimeProvider time)
{
    public const string Controller = "statefulset-controller";

    static readonly TimeSpan s_long = TimeSpan.FromSeconds(10), s_look = TimeSpan.FromSeconds(5);

    public async Task Run(CancellationToken cancel)
    {
        var told = ImmutableSortedDictionary<ObjectKey, DateTimeOffset>.Empty;
        try
        {
            while (true)
            {
                await Task.Delay(s_look, time, cancel);
                (var due, told) = Due(waits(), told, time.GetUtcNow());
                if (due.Count == 0) continue;
                foreach (var wait in Deeper.Of(due, pods()))
                    if (sets.Get(wait.Key) is { } set) events.Record(Controller, new(set, "Waiting", $"waiting for {wait.For}"));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
    }

    /// <summary>The sets that have waited long enough and weren't told of since they began to.</summary>
    /// <param name="told">By set: since when it waited for what was told last.</param>
    public static (IReadOnlyList<Wait> Due, ImmutableSortedDictionary<ObjectKey, DateTimeOffset> Told) Due(
        IEnumerable<Wait> waits, ImmutableSortedDictionary<ObjectKey, DateTimeOffset> told, DateTimeOffset now)
    {
        var due = new List<Wait>();
        var still = ImmutableSortedDictionary.CreateBuilder<ObjectKey, DateTimeOffset>();
        foreach (var wait in waits.Where(w => w.By == Controller))
        {
            if (now - wait.Since < s_long) continue;
            still[wait.Key] = wait.Since;
            if (!told.TryGetValue(wait.Key, out var since) || since != wait.Since) due.Add(wait);
        }
        return (due, still.ToImmutable());
    }
}
