using System.Text.Json.Nodes;
using Kennel.Objects.Quantities;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Admission.Quotas;

/// <summary>
/// What has been taken of one quota, and by whom. Not safe for several threads: its <see cref="Ledger"/> holds the lock.
/// Invariant: <see cref="Used"/> is the sum of the charges and of what is reserved.
/// </summary>
sealed class Book(Quota quota)
{
    readonly Dictionary<string, Charged> _charges = new(StringComparer.Ordinal);
    readonly Dictionary<Reservation, SortedDictionary<string, Quantity>> _reserved = [];

    public Quota Quota => quota;

    public SortedDictionary<string, Quantity> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>What was stored before the quota came has been counted.</summary>
    public bool Filled { get; set; }

    /// <summary>What was told of it is out of date.</summary>
    public bool Stale { get; set; } = true;

    /// <summary>Somebody is about to tell it.</summary>
    public bool Telling { get; set; }

    /// <summary>Why there is no room for so much more; null when there is.</summary>
    public string? Refuses(SortedDictionary<string, Quantity> more)
    {
        var over = more.Where(m => Used.GetValueOrDefault(m.Key) + m.Value > quota.Hard[m.Key]).Select(m => m.Key).ToList();
        return over.Count == 0 ? null
            : $"exceeded quota: {quota.Name}, requested: {Spell(over, n => more[n])}, used: {Spell(over, n => Used.GetValueOrDefault(n))}, limited: {Spell(over, n => quota.Hard[n])}";
    }

    public void Reserve(Reservation reservation, SortedDictionary<string, Quantity> more)
    {
        if (more.Count == 0) return;
        _reserved[reservation] = more;
        Change(more, 1);
    }

    public void Release(Reservation reservation)
    {
        if (_reserved.Remove(reservation, out var held)) Change(held, -1);
    }

    /// <summary>What an object takes now; <paramref name="revision"/> tells news from what is older.</summary>
    public void Set(string key, SortedDictionary<string, Quantity> charge, long revision, DateTimeOffset? until)
    {
        if (_charges.TryGetValue(key, out var before))
        {
            if (before.Revision > revision) return;
            Change(before.Amounts, -1);
        }
        _charges.Remove(key);
        if (charge.Count == 0) return;
        _charges[key] = new(charge, revision, until);
        Change(charge, 1);
    }

    public bool Knows(string key) => _charges.ContainsKey(key);

    /// <summary>Pods that should be gone by now count no more, but as objects.</summary>
    public void Forgive(DateTimeOffset now)
    {
        foreach (var (key, charged) in _charges.Where(c => c.Value.Until < now).ToList())
        {
            var rest = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
            if (charged.Amounts.TryGetValue("count/pods", out var one)) rest["count/pods"] = one;
            Set(key, rest, charged.Revision, null);
        }
    }

    void Change(SortedDictionary<string, Quantity> by, int sign)
    {
        foreach (var (name, amount) in by) Used[name] = sign > 0 ? Used.GetValueOrDefault(name) + amount : Used.GetValueOrDefault(name) - amount;
        if (by.Count > 0) Stale = true;
    }

    static string Spell(List<string> names, Func<string, Quantity> amount) => string.Join(",", names.Select(n => $"{n}={amount(n)}"));

    sealed record Charged(SortedDictionary<string, Quantity> Amounts, long Revision, DateTimeOffset? Until);
}

/// <summary>An object that is on its way into the store.</summary>
sealed record Reservation(ResourceType Type, JsonObject Next, JsonObject? Live)
{
    public bool Equals(Reservation? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
