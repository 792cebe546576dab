using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access;
using Kennel.Server.Subresources;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>A request for a certificate says truly whose it is; only those who may speak for a signer decide about it and sign.</summary>
sealed class CertificateRequests : IAdmission
{
    const string Group = "certificates.k8s.io";
    const string ClientSigner = "kubernetes.io/kube-apiserver-client";

    public string Name => "CertificateApproval";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Is(Group, "CertificateSigningRequest")) return null;
        if (admitting.Creating) return Sign(admitting);
        return admitting.Call.Route.Subresource switch
        {
            "approval" => await May(admitting, "approve", $"user not permitted to approve requests with signerName \"{Signer(admitting)}\"", cancel),
            "status" when Certificate(admitting.Next) != Certificate(admitting.Live!) =>
                await May(admitting, "sign", $"user not permitted to sign requests with signerName \"{Signer(admitting)}\"", cancel),
            _ => null,
        };
    }

    static string Signer(Admitting admitting) => admitting.Live.Object("spec").Text("signerName");

    static string Certificate(JsonObject request) => request.Object("status").Text("certificate");

    /// <summary>Writes down who asks.</summary>
    static Refusal? Sign(Admitting admitting)
    {
        var (user, spec) = (UserDocument.Of(admitting.Call.Request.User), admitting.Next.Child("spec"));
        foreach (var name in (string[])["username", "uid", "groups", "extra"]) spec.Copy(name, user);
        return spec.Text("signerName") == ClientSigner && GroupsOf(spec.Text("request")).Contains(User.Masters)
            ? admitting.Forbid($"use of {ClientSigner} signer with {User.Masters} group is not allowed")
            : null;
    }

    static async ValueTask<Refusal?> May(Admitting admitting, string verb, string refusal, CancellationToken cancel)
    {
        var (call, signer) = (admitting.Call, Signer(admitting));
        var domain = signer[..Math.Max(0, signer.IndexOf('/', StringComparison.Ordinal))];
        foreach (var name in (string[])[signer, $"{domain}/*"])
            if ((await call.Parts.Authorizer.Judge(call.Request.User, new Ask(verb, Group, "signers", "", "", name), null, cancel)).Allowed) return null;
        return admitting.Forbid(refusal);
    }

    /// <summary>The groups that a certificate would give; none when the request is unreadable, which is told elsewhere.</summary>
    static IEnumerable<string> GroupsOf(string base64)
    {
        try
        {
            var pem = Encoding.ASCII.GetString(Convert.FromBase64String(base64));
            return [.. CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions).SubjectName
                .EnumerateRelativeDistinguishedNames().Where(n => !n.HasMultipleElements && n.GetSingleElementType().Value == "2.5.4.10").Select(n => n.GetSingleElementValue() ?? "")];
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException or ArgumentException)
        {
            return [];
        }
    }
}
