using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Kennel.Client.Http;

/// <summary>How to reach an API server.</summary>
/// <param name="Server">Scheme, host and port.</param>
/// <param name="Authorities">Certificates that the server's certificate must lead to; none means those of the machine.</param>
/// <param name="Client">Who we are, or null with a token.</param>
/// <param name="Token">A bearer token, or null.</param>
public sealed record Connection(Uri Server, IReadOnlyList<X509Certificate2> Authorities, X509Certificate2? Client = null, string? Token = null)
{
    public HttpApi Open()
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true, // a connection has 100 streams, and every watch holds one
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30), // a dead peer shows within a minute, also to a watch that is quiet
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = Client is null ? null : [Client],
                CertificateChainPolicy = Authorities.Count == 0 ? null : Trust(),
            },
        };
        return new(new HttpMessageInvoker(handler), Server, Token);
    }

    X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var authority in Authorities) policy.CustomTrustStore.Add(authority);
        return policy;
    }
}
