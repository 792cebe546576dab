using System.Globalization;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;
using Kennel.Server.Routing;
using Kennel.Store;

namespace Kennel.Server.Reading;

/// <summary>A collection, whole or page by page, each page of the same snapshot.</summary>
static class List
{
    /// <summary>How many keys are read at a time when a selector leaves some out of a page.</summary>
    const int Stride = 500;

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var selection = Selection.Of(call);
        if (selection.Refusal is { } badSelector) return badSelector;
        var start = Begin(call);
        if (start.Refusal is { } badStart) return badStart;
        if (!TryNumber(call.Query["limit"], out var limit)) return NoNumber(call.Query["limit"]!);
        if (!TryNumber(call.Query["timeoutSeconds"], out _)) return NoNumber(call.Query["timeoutSeconds"]!);

        try
        {
            var found = await Collect(call, selection.Value, start.Value, limit, cancel);
            return ListEncoder.Answer(call, found);
        }
        catch (CompactedException) // of a continued list: its snapshot; else a revision that was asked for
        {
            return call.Query["continue"] is { Length: > 0 } ? LostSnapshot(start.Value) : Revisions.ListTooOld();
        }
    }

    /// <summary>Everything that matches, as it is now, for verbs that work on collections.</summary>
    public static async ValueTask<IReadOnlyList<Entry>> Now(Call call, Selection selection, CancellationToken cancel) =>
        (await Collect(call, selection, default, 0, cancel)).Entries;

    static Result<ContinueToken> Begin(Call call)
    {
        if (Revisions.Check(call) is { } mismatch) return mismatch;
        var revision = Revisions.Parse(call.Query["resourceVersion"]);
        if (revision.Refusal is { } bad) return bad;
        if (call.Query["continue"] is { Length: > 0 } token)
            return revision.Value > 0 ? Refusal.BadRequest("specifying resource version is not allowed when using continue") : Continued(call, token);
        if (revision.Value is not > 0) return default(ContinueToken);
        if (Revisions.Reached(call, revision.Value.Value) is { } future) return future;
        var match = call.Query["resourceVersionMatch"];
        var exact = match == "Exact" || (string.IsNullOrEmpty(match) && call.Query["limit"] is { Length: > 0 } and not "0");
        return new ContinueToken(exact ? revision.Value.Value : 0, "");
    }

    static Result<ContinueToken> Continued(Call call, string text)
    {
        var token = ContinueToken.Parse(text);
        return token.Refusal is null && Revisions.Reached(call, token.Value.Revision) is { } future ? future : token;
    }

    static async ValueTask<Found> Collect(Call call, Selection selection, ContinueToken start, int limit, CancellationToken cancel)
    {
        if (selection.Name is { } name && (!call.Type.Namespaced || call.Route.Namespace.Length > 0) && start.Revision == 0) return await One(call, selection, name, cancel);
        var prefix = call.Route.Prefix;
        var revision = start.Revision;
        var after = start.After is { Length: > 0 } key ? prefix + key : null;
        var entries = new List<Entry>();
        while (true)
        {
            var page = await call.Parts.Store.Range(new RangeQuery(prefix, revision, after, limit == 0 ? 0 : selection.Everything ? limit : Stride), cancel);
            revision = page.Revision;
            if (selection.Everything) return Found.Of(page.Entries, page, prefix, page.Remaining);
            foreach (var (entry, at) in page.Entries.Select((e, i) => (e, i)))
            {
                if (selection.Matches(entry.Value)) entries.Add(entry);
                if (limit > 0 && entries.Count == limit && (page.Remaining > 0 || at < page.Entries.Count - 1))
                    return new Found(entries, revision, new ContinueToken(revision, entry.Key[prefix.Length..]), null);
            }
            if (page.Remaining == 0) return new Found(entries, revision, null, null);
            after = page.Entries[^1].Key;
        }
    }

    /// <summary>A selected name is a read of one key.</summary>
    static async ValueTask<Found> One(Call call, Selection selection, string name, CancellationToken cancel)
    {
        var revision = call.Parts.Store.Revision;
        var key = Route.KeyOf(call.Type, call.Route.Namespace, name);
        // Any revision will do for this client: see RecentDeletions.
        if (call.Query["resourceVersion"] == "0" && call.Parts.Deletions.Of(key) is { } gone)
            return new Found(selection.Matches(gone.Last.Value) ? [gone.Last] : [], gone.Revision - 1, null, null);
        var entry = name.Length == 0 || name.Contains('/') ? null : await call.Parts.Store.Get(key, cancel);
        return new Found(entry is not null && selection.Matches(entry.Value) ? [entry] : [], Math.Max(revision, entry?.Modified ?? 0), null, null);
    }

    /// <summary>A count in a query: 0 when it isn't said or is below.</summary>
    internal static bool TryNumber(string? text, out int number)
    {
        number = 0;
        if (string.IsNullOrEmpty(text)) return true;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var said)) return false;
        number = (int)Math.Clamp(said, 0, int.MaxValue);
        return true;
    }

    internal static Refusal NoNumber(string text) => Refusal.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");

    static Refusal LostSnapshot(ContinueToken start) => Refusal.Expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response "
        + "to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time "
        + "the first chunk was returned and now may show up in the list.") with
    { Continue = new ContinueToken(0, start.After).ToString() };
}

/// <param name="Next">Where the next page starts; null on the last.</param>
/// <param name="Remaining">Known only without selectors.</param>
sealed record Found(IReadOnlyList<Entry> Entries, long Revision, ContinueToken? Next, long? Remaining)
{
    public static Found Of(IReadOnlyList<Entry> entries, Page page, string prefix, long remaining) => remaining == 0
        ? new(entries, page.Revision, null, null)
        : new(entries, page.Revision, new ContinueToken(page.Revision, entries[^1].Key[prefix.Length..]), remaining);
}
