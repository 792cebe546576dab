using System.Globalization;
using System.Runtime.CompilerServices;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Store;

namespace Kennel.Server.Reading;

/// <summary>Every change of a collection from a revision on, as events.</summary>
static class Watch
{
    const int LeastSeconds = 1800;

    public static ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel) => new(Begin(call));

    static ApiResponse Begin(Call call)
    {
        var selection = Selection.Of(call);
        if (selection.Refusal is { } badSelector) return badSelector;
        var revision = Revisions.Parse(call.Query["resourceVersion"]);
        if (revision.Refusal is { } badRevision) return badRevision;
        if (CheckInitialEvents(call) is { } mismatch) return mismatch;
        if (!List.TryNumber(call.Query["timeoutSeconds"], out _)) return List.NoNumber(call.Query["timeoutSeconds"]!);

        var plan = new WatchPlan(
            Prefix(call, selection.Value, out var key), key, revision.Value ?? 0,
            Initial: call.Query["sendInitialEvents"] is not null ? call.Query.Flag("sendInitialEvents") : revision.Value is null or 0,
            EndMark: call.Query.Flag("sendInitialEvents"),
            Bookmarks: call.Query.Flag("allowWatchBookmarks"),
            Lifetime(call));
        return new Watching(Batches(call, new Events(call, selection.Value, plan), plan)) { Protobuf = call.Format.Protobuf, Warnings = call.Warnings };
    }

    /// <summary>A selected name narrows what the store has to look at.</summary>
    static string Prefix(Call call, Selection selection, out string? key)
    {
        key = selection.Name is { Length: > 0 } name && (!call.Type.Namespaced || call.Route.Namespace.Length > 0) ? Route.KeyOf(call.Type, call.Route.Namespace, name) : null;
        return key ?? call.Route.Prefix;
    }

    static Refusal? CheckInitialEvents(Call call)
    {
        if (call.Query["sendInitialEvents"] is null)
            return call.Query.Has("resourceVersionMatch") ? Revisions.Bad(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")) : null;
        return call.Query["resourceVersionMatch"] switch
        {
            "NotOlderThan" => null,
            null or "" => Revisions.Bad(FieldError.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")),
            var other => Revisions.Bad(FieldError.NotSupported("resourceVersionMatch", other, "NotOlderThan")),
        };
    }

    /// <summary>As asked, or half an hour to an hour, so that clients don't come back all at once.</summary>
    static TimeSpan Lifetime(Call call)
    {
        if (int.TryParse(call.Query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0) return TimeSpan.FromSeconds(seconds);
        lock (call.Parts.Random) return TimeSpan.FromSeconds(LeastSeconds * (1 + call.Parts.Random.NextDouble()));
    }

    static async IAsyncEnumerable<IReadOnlyList<WatchFrame>> Batches(Call call, Events events, WatchPlan plan, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var lifetime = new CancellationTokenSource(plan.Lifetime, call.Parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Token, cancel);
        var after = plan.After;
        if (plan.Initial || plan.After == 0)
        {
            var page = await call.Parts.Store.Range(new RangeQuery(plan.Prefix), cancel);
            after = page.Revision;
            if (plan.Initial && events.Initial(page) is { Count: > 0 } first) yield return first;
        }

        await using var changes = call.Parts.Store.Watch(plan.Prefix, after, either.Token).GetAsyncEnumerator(either.Token);
        var seen = after;
        while (true)
        {
            var (batch, refusal) = await Next(changes);
            if (refusal is not null) yield return [Events.Error(refusal)];
            if (batch is null) break;
            seen = Math.Max(seen, batch.Value.Revision);
            if (events.Of(batch.Value) is { Count: > 0 } frames) yield return frames;
        }
        if (plan.Bookmarks && lifetime.IsCancellationRequested && !cancel.IsCancellationRequested) yield return [events.Bookmark(seen)];
    }

    /// <summary>Null at the end; the store says by exceptions that history is gone or that nobody waits any more.</summary>
    static async ValueTask<(Batch? Batch, Refusal? Refusal)> Next(IAsyncEnumerator<Batch> changes)
    {
        try
        {
            return await changes.MoveNextAsync() ? (changes.Current, null) : (null, null);
        }
        catch (CompactedException e)
        {
            return (null, Revisions.TooOld(e.Asked, e.Compacted));
        }
        catch (OperationCanceledException)
        {
            return (null, null);
        }
    }
}

/// <param name="Key">The only key that counts; null for all under the prefix.</param>
/// <param name="After">Changes above this revision; 0 is now.</param>
/// <param name="Initial">What is there comes first, as ADDED.</param>
/// <param name="EndMark">A bookmark tells where what was there ends.</param>
sealed record WatchPlan(string Prefix, string? Key, long After, bool Initial, bool EndMark, bool Bookmarks, TimeSpan Lifetime);
