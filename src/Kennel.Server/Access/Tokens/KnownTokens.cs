using System.Collections.Concurrent;

namespace Kennel.Server.Access.Tokens;

/// <summary>Tokens whose signature was checked once. Bounded: when it is full it begins anew.</summary>
sealed class KnownTokens
{
    const int Most = 20_000;

    readonly ConcurrentDictionary<string, KnownToken> _all = new(StringComparer.Ordinal);

    public KnownToken? Find(string token) => _all.GetValueOrDefault(token);

    public KnownToken Add(string token, KnownToken known)
    {
        if (_all.Count >= Most) _all.Clear();
        return _all.GetOrAdd(token, known);
    }
}

sealed class KnownToken(Claims claims, User user)
{
    public Claims Claims { get; } = claims;

    public User User { get; } = user;

    /// <summary>With what it was found to be good; null when it wasn't looked at or may end by itself.</summary>
    public Standing? Good { get; set; }
}

/// <summary>The revisions of the objects that a token stands on; 0 for those that it doesn't name.</summary>
sealed record Standing(long Account, long Secret, long Pod, long Node);
