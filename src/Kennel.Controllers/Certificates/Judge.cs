using System.Text;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Certificates;

namespace Kennel.Controllers.Certificates;

/// <summary>What becomes of a request for a certificate: nodes' are approved, approved ones signed, old ones taken away.</summary>
public static class Judge
{
    /// <summary>Decided ones are kept so long, for whoever asked to fetch the certificate.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    static readonly TimeSpan KeptPending = TimeSpan.FromHours(24);

    /// <param name="sign">Signs a request (PEM) for usages and a time, and gives the certificate (PEM).</param>
    public static Decision Decide(CertificateSigningRequest request, DateTimeOffset now, Func<string, IReadOnlyList<string>, TimeSpan?, string> sign)
    {
        if (request.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        var ends = Decided(request) is { } since ? since + Kept : (request.Metadata.CreationTimestamp ?? now) + KeptPending;
        if (ends <= now) return new([new Step.Delete(CertificateSigningRequest.Resource, ObjectKey.Of(request), request.Metadata.Uid)]);
        return new(Next(request, now, sign) is { } step ? [step] : [], At: ends);
    }

    static Step? Next(CertificateSigningRequest request, DateTimeOffset now, Func<string, IReadOnlyList<string>, TimeSpan?, string> sign)
    {
        var spec = request.Spec;
        if (Has(request, "Denied") || Has(request, "Failed") || !Signers.Ours(spec.SignerName) || request.Status?.Certificate is { Length: > 0 }) return null;
        var asked = Asked.Of(request);
        var problem = Signers.Problem(spec.SignerName, asked, spec.Usages);
        if (!Has(request, "Approved")) return spec.SignerName == Signers.NodeClient && problem is null ? new Approve(request, spec.Username == asked!.CommonName) : null;
        if (problem is not null) return new Step.UpdateStatus(With(request, "Failed", "SignerValidationFailure", problem, now));
        var lifetime = spec.ExpirationSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Max(seconds, 600)) : (TimeSpan?)null;
        var certificate = Convert.ToBase64String(Encoding.ASCII.GetBytes(sign(asked!.Pem, spec.Usages, lifetime)));
        return new Step.UpdateStatus(request with { Status = (request.Status ?? new()) with { Certificate = certificate } });
    }

    public static CertificateSigningRequest With(CertificateSigningRequest request, string condition, string reason, string message, DateTimeOffset now) => request with
    {
        Status = (request.Status ?? new()) with
        {
            Conditions = [.. request.Status?.Conditions ?? [], new() { Type = condition, Status = "True", Reason = reason, Message = message, LastUpdateTime = now, LastTransitionTime = now }],
        },
    };

    static DateTimeOffset? Decided(CertificateSigningRequest request) =>
        request.Status?.Conditions.Where(c => c.Type is "Approved" or "Denied" or "Failed").Select(c => c.LastUpdateTime ?? c.LastTransitionTime).Max();

    static bool Has(CertificateSigningRequest request, string condition) => request.Status?.Conditions.Any(c => c.Type == condition) == true;
}
