using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kennel.Node.Tests.Streams;

/// <summary>A certificate authority for tests.</summary>
internal sealed class TestCertificates
{
    public const string ApiServer = "kube-apiserver-kubelet-client";
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-1);

    public X509Certificate2 Authority { get; } = MakeAuthority();

    public X509Certificate2 Server() => Make("node", "1.3.6.1.5.5.7.3.1");

    public X509Certificate2 Client(string name) => Make(name, "1.3.6.1.5.5.7.3.2");

    private static X509Certificate2 MakeAuthority()
    {
        var request = new CertificateRequest("CN=test-ca", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Start, Start.AddYears(1));
    }

    private X509Certificate2 Make(string name, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name},O=system:masters", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(Authority, Start, Start.AddMonths(6), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
