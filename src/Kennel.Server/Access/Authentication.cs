using System.Security.Cryptography;
using System.Text;
using Kennel.Server.Access.Tokens;

namespace Kennel.Server.Access;

/// <summary>Whose a bearer token is: one that was handed out once and for all, or a service account's.</summary>
sealed class Authentication(IReadOnlyDictionary<string, User> tokens, AccountTokens accounts)
{
    const string Scheme = "Bearer ";

    readonly List<(byte[] Hash, User User)> _tokens = [.. tokens.Select(t => (SHA256.HashData(Encoding.UTF8.GetBytes(t.Key)), t.Value))];

    /// <summary>Null when a token was shown that is nobody's.</summary>
    public async ValueTask<User?> OfHeader(string authorization, CancellationToken cancel)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var token = authorization[Scheme.Length..].Trim();
        return Fixed(token) ?? (await accounts.Check(token, AccountTokens.OwnAudiences, cancel)).User;
    }

    /// <summary>Whose it is, for which of the audiences, or why it is nobody's.</summary>
    public async ValueTask<(User? User, IReadOnlyList<string> Audiences, string Why)> Review(string token, IReadOnlyList<string> audiences, CancellationToken cancel) =>
        Fixed(token) is { } user ? (user, audiences, "") : await accounts.Check(token, audiences, cancel);

    User? Fixed(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        foreach (var (known, user) in _tokens) if (CryptographicOperations.FixedTimeEquals(known, hash)) return user;
        return null;
    }
}
