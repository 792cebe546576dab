using System.Globalization;
using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Client.Caching;

/// <summary>Feeds one cache: lists, then watches from there; lists again when history is gone. Runs until cancelled, whatever breaks.</summary>
sealed class Reflector<T>(Cache<T> cache, IApi api, TimeProvider time, Random random, Action<string> log, string selector = "") where T : class, IObject<T>
{
    /// <summary>Objects a page: a page of large pods stays below some 10 MB.</summary>
    const int PageSize = 500;

    readonly string _and = selector.Length == 0 ? "" : "&" + selector;

    int _failures;
    bool _fresh;

    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await List(cancel);
                _fresh = true;
                while (await Follow(cancel)) { }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested) { return; }
            catch (Exception broken)
            {
                log($"{T.Resource}: {broken.Message}");
            }
            if (!await Pause(cancel)) return;
        }
    }

    async Task List(CancellationToken cancel)
    {
        List<T> all = [];
        string? revision = null, next = null;
        do
        {
            var path = $"{T.Resource.Path()}?limit={PageSize}{(next is null ? "" : "&continue=" + Uri.EscapeDataString(next))}{_and}";
            var answer = await api.Send(new("GET", path), cancel);
            if (!answer.Succeeded) throw new ApiUnavailableException($"list answered {answer.Status}: {StatusText(answer.Body)}");
            var page = ListPage<T>.Read(answer.Body.Span);
            all.AddRange(page.Items);
            revision = page.ResourceVersion ?? revision;
            next = page.Continue;
        }
        while (next is not null);
        cache.Replace(all, Cache.RevisionOf(revision));
    }

    /// <returns>Whether to watch on from the revision reached; otherwise list again.</returns>
    async Task<bool> Follow(CancellationToken cancel)
    {
        var path = string.Create(CultureInfo.InvariantCulture,
            $"{T.Resource.Path()}?resourceVersion={cache.Revision}&allowWatchBookmarks=true&timeoutSeconds={300 + random.Next(300)}{_and}");
        try
        {
            await foreach (var e in api.Watch(path, cancel))
            {
                if (e.Type == "ERROR") return Refused(e);
                Take(e);
                _failures = 0;
                _fresh = false;
            }
        }
        catch (ApiUnavailableException broken)
        {
            log($"{T.Resource}: watch: {broken.Message}");
        }
        cancel.ThrowIfCancellationRequested();
        return await Pause(cancel);
    }

    bool Refused(WatchEvent e)
    {
        var status = Json.Read<Status>(e.Object.Span);
        // Expired history is part of life and is listed again at once, unless the list that we have just made is refused already.
        if (status.Code == 410 && !_fresh) _failures = -1;
        else log($"{T.Resource}: watch: {status.Message}");
        return false;
    }

    void Take(WatchEvent e)
    {
        T item;
        try
        {
            item = Json.Read<T>(e.Object.Span);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            log($"{T.Resource}: an object can't be read and is passed over: {unreadable.Message}");
            return;
        }
        if (e.Type == "BOOKMARK") cache.Reach(Cache.RevisionOf(item.Metadata.ResourceVersion));
        else if (e.Type == "DELETED") cache.Remove(item);
        else cache.Put(item);
    }

    async Task<bool> Pause(CancellationToken cancel)
    {
        try
        {
            if (_failures++ >= 0) await Task.Delay(Backoff.Connections.After(_failures - 1, random), time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    static string StatusText(ReadOnlyMemory<byte> body)
    {
        try { return Json.Read<Status>(body.Span).Message ?? ""; }
        catch (JsonException) { return ""; }
    }
}
