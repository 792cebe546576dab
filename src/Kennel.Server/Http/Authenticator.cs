using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kennel.Server.Http;

/// <summary>Step 2: who asks, by client certificate.</summary>
sealed class Authenticator(X509Certificate2 authority, TimeProvider time)
{
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
