using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kennel.Server.Http;

/// <summary>Step 2: who asks, by token or by client certificate.</summary>
sealed class Authenticator(X509Certificate2 authority, IReadOnlyDictionary<string, User> tokens, TimeProvider time)
{
    readonly List<(byte[] Hash, User User)> _tokens = [.. tokens.Select(t => (SHA256.HashData(Encoding.UTF8.GetBytes(t.Key)), t.Value))];

    /// <summary>Null when a token was shown that nobody has.</summary>
    public User? OfToken(string authorization)
    {
        const string Scheme = "Bearer ";
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        foreach (var (known, user) in _tokens) if (CryptographicOperations.FixedTimeEquals(known, hash)) return user;
        return null;
    }

    /// <summary>The user that a certificate of our authority names; null for any other certificate.</summary>
    public User? OfCertificate(X509Certificate2 certificate)
    {
        if (!Trust.IsSignedBy(certificate, authority, time.GetUtcNow()) || !IsForClients(certificate)) return null;
        var (name, groups) = ("", new List<string>());
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) continue;
            if (part.GetSingleElementType().Value == "2.5.4.3") name = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == "2.5.4.10") groups.Add(part.GetSingleElementValue() ?? "");
        }
        return name.Length == 0 ? null : new User(name, [.. groups, User.Authenticated]);
    }

    static bool IsForClients(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == "1.3.6.1.5.5.7.3.2"));
}
