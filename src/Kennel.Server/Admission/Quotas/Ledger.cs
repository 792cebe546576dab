using System.Text.Json.Nodes;
using Kennel.Objects.Quantities;
using Kennel.Objects.Schemas;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission.Quotas;

/// <summary>
/// The quotas of one namespace and what has been taken of each. A new object is reserved for before it is stored and charged for when it is, in
/// one step each, so that no two can have what is left for one.
/// </summary>
sealed class Ledger(string space, TimeProvider time)
{
    /// <summary>Objects that are gone are remembered for as long as somebody may still tell of them as they were.</summary>
    const int Remembered = 4096;

    readonly Lock _lock = new();
    readonly SortedDictionary<string, Book> _books = new(StringComparer.Ordinal);
    readonly HashSet<Reservation> _reservations = [];
    readonly Dictionary<string, long> _gone = new(StringComparer.Ordinal);
    readonly Queue<string> _order = new();

    /// <summary>A quota is there or says something else now.</summary>
    public void Put(Quota quota)
    {
        lock (_lock)
        {
            if (_books.TryGetValue(quota.Name, out var known) && known.Quota.Spec == quota.Spec) return;
            var book = new Book(quota);
            foreach (var reservation in _reservations) book.Reserve(reservation, More(book, reservation));
            _books[quota.Name] = book;
        }
    }

    /// <summary>A quota is gone.</summary>
    public void Drop(string quota)
    {
        lock (_lock) _books.Remove(quota);
    }

    /// <summary>There is no quota (any more).</summary>
    public bool Empty
    {
        get
        {
            lock (_lock) return _books.Count == 0;
        }
    }

    /// <summary>Counts what was stored before a quota came.</summary>
    public async ValueTask Fill(Parts parts, CancellationToken cancel)
    {
        List<Book> empty;
        lock (_lock) empty = [.. _books.Values.Where(b => !b.Filled)];
        if (empty.Count == 0) return;
        var found = new List<(ResourceType Type, Entry Entry)>();
        foreach (var type in Counted(parts.Catalog, empty))
            foreach (var entry in (await parts.Store.Range(new RangeQuery($"{Route.Root(type)}{space}/"), cancel)).Entries)
                found.Add((type, entry));
        lock (_lock)
        {
            foreach (var book in empty.Where(b => !b.Filled))
            {
                foreach (var (type, entry) in found)
                    if (!book.Knows(entry.Key) && !IsOld(entry.Key, entry.Modified)) Charge(book, type, entry.Key, Stored.Parse(entry.Value), entry.Modified);
                book.Filled = true;
            }
        }
    }

    /// <summary>Takes what an object needs of each quota, or says which has too little left.</summary>
    public string? Reserve(Reservation reservation)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            List<(Book Book, SortedDictionary<string, Quantity> More)> wanted = [.. _books.Values.Select(b => (b, More(b, reservation)))];
            foreach (var (book, more) in wanted)
            {
                if (book.Refuses(more) is null) continue;
                book.Forgive(now);
                if (book.Refuses(more) is { } why) return why;
            }
            foreach (var (book, more) in wanted) book.Reserve(reservation, more);
            _reservations.Add(reservation);
            return null;
        }
    }

    /// <summary>What containers of a pod should state and don't, or null.</summary>
    public string? Missing(JsonObject pod)
    {
        lock (_lock) return _books.Values.Select(b => b.Quota.Missing(pod)).FirstOrDefault(m => m is not null);
    }

    public void Release(Reservation reservation)
    {
        lock (_lock)
        {
            _reservations.Remove(reservation);
            foreach (var book in _books.Values) book.Release(reservation);
        }
    }

    /// <summary>An object has been stored: its reservation becomes a charge.</summary>
    public void Set(ResourceType type, string key, JsonObject o, long revision, Reservation? reservation)
    {
        lock (_lock)
        {
            if (reservation is not null) Release(reservation);
            if (IsOld(key, revision)) return;
            foreach (var book in _books.Values) Charge(book, type, key, o, revision);
        }
    }

    public void Remove(string key, long revision)
    {
        lock (_lock)
        {
            if (_gone.TryAdd(key, revision)) _order.Enqueue(key);
            else _gone[key] = revision;
            while (_order.Count > Remembered) _gone.Remove(_order.Dequeue());
            foreach (var book in _books.Values) book.Set(key, [], revision, null);
        }
    }

    /// <summary>The books of which something else should be told; whoever takes one tells it and comes back.</summary>
    public IReadOnlyList<Book> Take()
    {
        lock (_lock)
        {
            List<Book> stale = [.. _books.Values.Where(b => b is { Filled: true, Stale: true, Telling: false })];
            foreach (var book in stale) book.Telling = true;
            return stale;
        }
    }

    /// <summary>The status of a quota as of now.</summary>
    public JsonObject Status(Book book)
    {
        lock (_lock)
        {
            book.Stale = false;
            var (hard, used) = (new JsonObject(), new JsonObject());
            foreach (var (name, limit) in book.Quota.Hard) (hard[name], used[name]) = (limit.ToString(), book.Used.GetValueOrDefault(name).ToString());
            return new JsonObject { ["hard"] = hard, ["used"] = used };
        }
    }

    /// <returns>Whether it is told; otherwise something has changed meanwhile.</returns>
    public bool Told(Book book, bool failed)
    {
        lock (_lock)
        {
            book.Stale |= failed;
            book.Telling = book.Stale && !failed && _books.ContainsValue(book);
            return !book.Telling;
        }
    }

    void Charge(Book book, ResourceType type, string key, JsonObject o, long revision) =>
        book.Set(key, book.Quota.Charge(type, o, time.GetUtcNow()), revision, Usage.Until(type, o));

    /// <summary>What a change takes more than what it replaces.</summary>
    SortedDictionary<string, Quantity> More(Book book, Reservation change)
    {
        var now = time.GetUtcNow();
        var next = book.Quota.Charge(change.Type, change.Next, now);
        if (change.Live is null) return next;
        var live = book.Quota.Charge(change.Type, change.Live, now);
        var more = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var (name, amount) in next)
            if (amount - live.GetValueOrDefault(name) is { Sign: > 0 } delta) more[name] = delta;
        return more;
    }

    bool IsOld(string key, long revision) => _gone.TryGetValue(key, out var gone) && gone >= revision;

    /// <summary>The kinds that the quotas limit.</summary>
    static IEnumerable<ResourceType> Counted(Catalog catalog, List<Book> books)
    {
        var names = books.SelectMany(b => b.Quota.Hard.Keys).ToHashSet(StringComparer.Ordinal);
        return catalog.All.Where(t => t.Namespaced && !Usage.IsIgnored(t) && (t.Group, t.Kind) switch
        {
            ("", "Pod") => names.Any(QuotaNames.OfPods),
            ("", "Service") => names.Any(n => n.StartsWith("services", StringComparison.Ordinal) || n == "count/services"),
            ("", "PersistentVolumeClaim") => names.Any(n => n.EndsWith("persistentvolumeclaims", StringComparison.Ordinal) || n.EndsWith("requests.storage", StringComparison.Ordinal)),
            _ => names.Contains("count/" + t.QualifiedName) || names.Contains(t.Plural),
        }).DistinctBy(Route.Root);
    }
}
