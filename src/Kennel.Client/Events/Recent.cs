using System.Diagnostics.CodeAnalysis;

namespace Kennel.Client.Events;

/// <summary>A map that forgets what was set longest ago once it holds <paramref name="limit"/> entries.</summary>
sealed class Recent<TKey, TValue>(int limit) where TKey : notnull
{
    readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _all = [];
    readonly LinkedList<(TKey Key, TValue Value)> _order = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _all.TryGetValue(key, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    public void Set(TKey key, TValue value)
    {
        if (_all.Remove(key, out var old)) _order.Remove(old);
        _all[key] = _order.AddLast((key, value));
        if (_all.Count <= limit) return;
        _all.Remove(_order.First!.Value.Key);
        _order.RemoveFirst();
    }
}
