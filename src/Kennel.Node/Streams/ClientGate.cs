using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kennel.Node.Streams;

/// <summary>Lets the API server in, by its client certificate.</summary>
internal sealed class ClientGate(X509Certificate2 authority, string name, TimeProvider time)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>200, or 401 for no certificate or one that our authority didn't sign, or 403 for somebody else's.</summary>
    public (int Status, string Why) Judge(X509Certificate2? certificate)
    {
        if (certificate is null || !Signed(certificate))
        {
            return (401, "Unauthorized");
        }
        var user = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return user == name ? (200, "") : (403, $"Forbidden (user={user}, verb=get, resource=nodes, subresource=proxy)");
    }

    private bool Signed(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        return chain.Build(certificate);
    }
}
