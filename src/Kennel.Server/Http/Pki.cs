using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Kennel.Server.Http;

/// <summary>
/// The certificates of one data directory: our own authority, the API server's, the admin's, the one that the API server shows to nodes, and one a node.
/// Kept as PEM files that only their owner reads; made anew when missing, near their end, or for other host names.
/// </summary>
public sealed class Pki
{
    static readonly TimeSpan s_authorityLifetime = TimeSpan.FromDays(3650);
    static readonly TimeSpan s_lifetime = TimeSpan.FromDays(365);
    static readonly TimeSpan s_renewBefore = TimeSpan.FromDays(60);

    readonly string _folder;
    readonly TimeProvider _time;
    readonly ILogger _log;

    Pki(string folder, TimeProvider time, ILogger log) => (_folder, _time, _log) = (folder, time, log);

    public X509Certificate2 Authority { get; private set; } = null!;

    public string AuthorityPem => Authority.ExportCertificatePem();

    public Certificate Server { get; private set; } = null!;

    public Certificate Admin { get; private set; } = null!;

    /// <summary>What the API server shows to nodes.</summary>
    public Certificate NodeClient { get; private set; } = null!;

    /// <param name="folder">Made when missing.</param>
    /// <param name="names">Host names and addresses that clients may use for the server.</param>
    public static Pki Open(string folder, IReadOnlyList<string> names, TimeProvider time, ILogger log)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var pki = new Pki(folder, time, log);
        pki.OpenAuthority();
        pki.Server = pki.Leaf("apiserver", new("kube-apiserver", [], names, Server: true, Client: false));
        pki.Admin = pki.Leaf("admin", new("kubernetes-admin", [User.Masters], [], Server: false, Client: true));
        pki.NodeClient = pki.Leaf("apiserver-kubelet-client", new("kube-apiserver-kubelet-client", [User.Masters], [], Server: false, Client: true));
        return pki;
    }

    /// <summary>The names under which a server is reached: this machine, the address that it listens at, and its Service.</summary>
    public static IReadOnlyList<string> ServerNames(string listen, IPNetwork serviceRange, params IEnumerable<string> more) =>
    [
        .. new[]
        {
            "localhost", "127.0.0.1", "::1", listen, Admission.ServiceAddresses.ApiAddress(serviceRange).ToString(), Environment.MachineName.ToLowerInvariant(),
            "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
        }.Concat(more).Where(n => n is not ("" or "0.0.0.0" or "::")).Distinct(),
    ];

    /// <summary>The certificate of a node: it serves its logs and streams with it, and asks the API server with it.</summary>
    public Certificate Node(string name, params IEnumerable<string> addresses) =>
        Leaf($"node-{name}", new($"system:node:{name}", [User.Nodes], [name, "localhost", "127.0.0.1", .. addresses], Server: true, Client: true));

    /// <summary>Signs a request (PEM); the certificate is good for a year, or for as long as is asked for, if that is less.</summary>
    public string Sign(string requestPem, IReadOnlyList<string> usages, TimeSpan? lifetime) =>
        Certificates.Signed(Authority, requestPem, usages, _time.GetUtcNow(), lifetime < s_lifetime ? lifetime.Value : s_lifetime);

    void OpenAuthority()
    {
        if (Read("ca") is { } kept && Certificates.Ends(kept.Tls) - s_renewBefore > _time.GetUtcNow())
        {
            Authority = kept.Tls;
            return;
        }
        Authority = Certificates.Authority("kennel-ca", _time.GetUtcNow(), s_authorityLifetime);
        Write("ca", Authority.ExportCertificatePem(), Authority.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _log.MadeCertificate("ca", Certificates.Ends(Authority));
    }

    Certificate Leaf(string file, CertificateWish wish)
    {
        if (Read(file) is { } kept && Serves(kept.Tls, wish)) return kept;
        var made = Certificates.Leaf(Authority, wish, _time.GetUtcNow(), s_lifetime);
        Write(file, made.CertificatePem, made.KeyPem);
        _log.MadeCertificate(file, Certificates.Ends(made.Tls));
        return made;
    }

    bool Serves(X509Certificate2 certificate, CertificateWish wish)
    {
        var now = _time.GetUtcNow();
        if (Certificates.Ends(certificate) - s_renewBefore < now || new DateTimeOffset(certificate.NotBefore) > now || !Trust.IsSignedBy(certificate, Authority, now)) return false;
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return wish.Names.All(n => names is not null && (IPAddress.TryParse(n, out var a) ? names.EnumerateIPAddresses().Contains(a) : names.EnumerateDnsNames().Contains(n)));
    }

    Certificate? Read(string file)
    {
        var (certificate, key) = (Path.Combine(_folder, file + ".crt"), Path.Combine(_folder, file + ".key"));
        return File.Exists(certificate) && File.Exists(key) ? Certificates.Load(File.ReadAllText(certificate), File.ReadAllText(key)) : null;
    }

    void Write(string file, string certificatePem, string keyPem)
    {
        PrivateFile.Write(Path.Combine(_folder, file + ".key"), keyPem);
        PrivateFile.Write(Path.Combine(_folder, file + ".crt"), certificatePem);
    }
}
