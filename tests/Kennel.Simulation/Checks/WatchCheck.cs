using Kennel.Client;
using Kennel.Store;

namespace Kennel.Simulation.Checks;

/// <summary>What one watch sends is the store's history from its revision on: no gap, nothing twice, nothing in another order or form.</summary>
sealed class WatchCheck(World world, History history, string root, long after)
{
    long _last = after;

    public void Sent(IReadOnlyList<WatchEvent> events)
    {
        foreach (var e in events) if (Wrong(e) is { } why) world.Loop.Fail($"a watch of {root} after {_last}: {why}");
    }

    string? Wrong(WatchEvent e)
    {
        if (e.Type == "ERROR") return null;
        var revision = History.RevisionIn(e.Object.Span);
        var next = history.NextOf(root, _last);
        if (e.Type == "BOOKMARK")
        {
            if (revision > history.Last) return $"a bookmark of {revision}, which isn't durable";
            if (next != 0 && next <= revision) return $"a bookmark of {revision} although {next} wasn't sent";
            _last = Math.Max(_last, revision);
            return null;
        }
        if (next != revision) return $"{e.Type} {revision}, but {next} comes next";
        _last = revision;
        var change = history.At(revision);
        var type = change.Kind switch { ChangeKind.Created => "ADDED", ChangeKind.Updated => "MODIFIED", _ => "DELETED" };
        if (e.Type != type) return $"{e.Type} {revision} should be {type}";
        return e.Object.Span.SequenceEqual(change.Entry.Value.Span) ? null : $"{e.Type} {revision} has another content";
    }
}
