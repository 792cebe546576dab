using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kennel.Server.Http;

/// <summary>A certificate with its key, as PEM text and ready for TLS.</summary>
public sealed record Certificate(X509Certificate2 Tls, string CertificatePem, string KeyPem);

/// <summary>Makes certificates: ECDSA P-256, signed by our own authority.</summary>
static class Certificates
{
    static readonly TimeSpan s_skew = TimeSpan.FromMinutes(5);

    public static X509Certificate2 Authority(string name, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - s_skew, now + lifetime);
    }

    public static Certificate Leaf(X509Certificate2 authority, CertificateWish wish, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(wish), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var uses = new OidCollection();
        if (wish.Server) uses.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (wish.Client) uses.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (wish.Names.Count > 0) request.CertificateExtensions.Add(Names(wish.Names));
        var end = now + lifetime;
        using var signed = request.Create(authority, now - s_skew, end < Ends(authority) ? end : Ends(authority), RandomNumberGenerator.GetBytes(16));
        return Load(signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The certificate that a request (PEM) asks for, with its names and for the usages, by upstream's words, that it shall have.</summary>
    /// <exception cref="CryptographicException">The request can't be read.</exception>
    public static string Signed(X509Certificate2 authority, string requestPem, IReadOnlyList<string> usages, DateTimeOffset now, TimeSpan lifetime)
    {
        var asked = CertificateRequest.LoadSigningRequestPem(requestPem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        var request = new CertificateRequest(asked.SubjectName, asked.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        // An empty extension is one that others can't read.
        if (usages.Aggregate(X509KeyUsageFlags.None, (flags, u) => flags | KeyUsage(u)) is not X509KeyUsageFlags.None and var keyUsages) request.CertificateExtensions.Add(new X509KeyUsageExtension(keyUsages, critical: true));
        var uses = new OidCollection();
        foreach (var use in usages) if (ExtendedUsage(use) is { } oid) uses.Add(new Oid(oid));
        if (uses.Count > 0) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        foreach (var names in asked.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>()) request.CertificateExtensions.Add(names);
        using var key = authority.GetECDsaPrivateKey()!;
        var end = now + lifetime;
        using var signed = request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - s_skew, end < Ends(authority) ? end : Ends(authority), RandomNumberGenerator.GetBytes(16));
        return signed.ExportCertificatePem() + "\n";
    }

    static X509KeyUsageFlags KeyUsage(string use) => use switch
    {
        "signing" or "digital signature" => X509KeyUsageFlags.DigitalSignature,
        "key encipherment" => X509KeyUsageFlags.KeyEncipherment,
        _ => X509KeyUsageFlags.None,
    };

    static string? ExtendedUsage(string use) => use switch
    {
        "server auth" => "1.3.6.1.5.5.7.3.1",
        "client auth" => "1.3.6.1.5.5.7.3.2",
        _ => null,
    };

    public static DateTimeOffset Ends(X509Certificate2 certificate) => new(certificate.NotAfter);

    public static Certificate Load(string certificatePem, string keyPem) => new(X509Certificate2.CreateFromPem(certificatePem, keyPem), certificatePem, keyPem);

    static X500DistinguishedName Subject(CertificateWish wish)
    {
        var builder = new X500DistinguishedNameBuilder();
        foreach (var group in wish.Groups) builder.AddOrganizationName(group);
        builder.AddCommonName(wish.CommonName);
        return builder.Build();
    }

    static X509Extension Names(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address); else builder.AddDnsName(name);
        return builder.Build();
    }
}

/// <param name="CommonName">The user's or the host's name.</param>
/// <param name="Groups">The groups of a user.</param>
/// <param name="Names">Host names and addresses of a server.</param>
public sealed record CertificateWish(string CommonName, IReadOnlyList<string> Groups, IReadOnlyList<string> Names, bool Server, bool Client);
