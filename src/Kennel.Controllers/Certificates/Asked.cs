using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kennel.Objects.Certificates;

namespace Kennel.Controllers.Certificates;

/// <summary>What somebody wants a certificate to say.</summary>
/// <param name="Pem">The request itself.</param>
public sealed record Asked(string Pem, string CommonName, IReadOnlyList<string> Organizations, IReadOnlyList<string> HostNames, bool OtherNames)
{
    /// <summary>Null for a request that can't be read or isn't signed by its own key.</summary>
    public static Asked? Of(CertificateSigningRequest request)
    {
        try
        {
            var pem = Encoding.ASCII.GetString(Convert.FromBase64String(request.Spec.Request));
            var read = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
            var parts = read.SubjectName.EnumerateRelativeDistinguishedNames().Where(p => !p.HasMultipleElements).Select(p => (Oid: p.GetSingleElementType().Value, Text: p.GetSingleElementValue() ?? "")).ToList();
            var names = read.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            IReadOnlyList<string> hosts = names is null ? [] : [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(a => a.ToString())];
            return new(pem, parts.FirstOrDefault(p => p.Oid == "2.5.4.3").Text ?? "", [.. parts.Where(p => p.Oid == "2.5.4.10").Select(p => p.Text)], hosts, names is not null && Others(names.RawData));
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether there are names that are neither hosts nor addresses: mail addresses, URIs.</summary>
    static bool Others(byte[] names)
    {
        var reader = new System.Formats.Asn1.AsnReader(names, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            if (reader.PeekTag().TagValue is not (2 or 7)) return true;
            reader.ReadEncodedValue();
        }
        return false;
    }
}
