using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Certificates;

/// <summary>A request is written once; then one endpoint decides about it, and another brings the certificate.</summary>
sealed class CertificateSigningRequestRules(ResourceType type) : KindRules(type)
{
    const int LeastSeconds = 600;
    const string Legacy = "kubernetes.io/legacy-unknown";

    static readonly string[] s_usages =
    [
        "signing", "digital signature", "content commitment", "key encipherment", "key agreement", "data encipherment", "cert sign", "crl sign", "encipher only", "decipher only", "any",
        "server auth", "client auth", "code signing", "email protection", "s/mime", "ipsec end system", "ipsec tunnel", "ipsec user", "timestamping", "ocsp signing", "microsoft sgc", "netscape sgc",
    ];

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("spec.signerName", "")];

    public override bool HasGeneration => false;

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        Keep("spec", o, old);
        var wished = o.Obj("status").List("conditions");
        if (subresource is null) Keep("status", o, old);
        else if (subresource == "approval")
        {
            Keep("status", o, old);
            var status = o.Make("status");
            if (wished is null) status.Remove("conditions");
            else status["conditions"] = wished.DeepClone();
        }
        if (subresource is not null && o.Obj("status").List("conditions") is { } conditions) Date(conditions, old, when.Now);
    }

    static void Date(JsonArray conditions, JsonObject old, DateTimeOffset now)
    {
        foreach (var condition in conditions.OfType<JsonObject>())
        {
            if (condition.Text("lastUpdateTime") is null or "") condition["lastUpdateTime"] = Wire.Time(now);
            if (condition.Text("lastTransitionTime") is { Length: > 0 }) continue;
            var before = old.Obj("status").List("conditions")?.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == condition.Text("type") && c.Text("status") == condition.Text("status"));
            condition["lastTransitionTime"] = before.Text("lastTransitionTime") is { Length: > 0 } since ? since : Wire.Time(now);
        }
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        var (spec, at) = (o.Obj("spec"), (At)"spec");
        if (Problem(spec.Text("request") ?? "") is { } problem) errors.Invalid(at["request"], spec.Text("request") ?? "", problem);
        if (spec.List("usages") is not { Count: > 0 } usages) errors.Required(at["usages"]);
        else
            for (var i = 0; i < usages.Count; i++)
                if (!s_usages.Contains(usages[i].AsText())) errors.NotSupported(at["usages"][i], usages[i].AsText() ?? "", s_usages.Order(StringComparer.Ordinal));
        CheckSigner(spec.Text("signerName") ?? "", at["signerName"], errors);
        if (spec.Node("expirationSeconds") is JsonValue seconds && seconds.TryGetValue<long>(out var n) && n < LeastSeconds)
            errors.Invalid(at["expirationSeconds"], n, $"may not specify a duration less than {LeastSeconds} seconds (10 minutes)");
    }

    static void CheckSigner(string name, At at, Errors errors)
    {
        if (name.Length == 0) errors.Required(at);
        else if (name == Legacy) errors.Invalid(at, name, "the legacy signerName is not allowed via this API version");
        else if (name.Split('/') is not [{ Length: > 0 } domain, { Length: > 0 } path]) errors.Invalid(at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        else
        {
            errors.Unless(Names.Subdomain(domain, false), at, name);
            if (!domain.Contains('.')) errors.Invalid(at, name, "should be a domain with at least two segments separated by dots");
            errors.Unless(Names.Subdomain(path, false), at, name);
        }
    }

    /// <summary>What is wrong with a request in base64 of PEM, or null.</summary>
    static string? Problem(string base64)
    {
        try
        {
            var pem = Encoding.ASCII.GetString(Convert.FromBase64String(base64));
            if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] is not ("CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST")) return "PEM block type must be CERTIFICATE REQUEST";
            CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
            return null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException or ArgumentException)
        {
            return "the request is unreadable: " + unreadable.Message;
        }
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource is null) return;
        var (conditions, before) = (o.Obj("status").List("conditions"), old.Obj("status").List("conditions"));
        bool Has(JsonArray? list, string kind) => list?.OfType<JsonObject>().Any(c => c.Text("type") == kind) == true;
        foreach (var kind in (string[])["Approved", "Denied", "Failed"])
            if (Has(before, kind) && !Has(conditions, kind)) errors.Forbidden(((At)"status")["conditions"], $"updates may not remove a condition of type \"{kind}\"");
        if (subresource == "status")
            foreach (var kind in (string[])["Approved", "Denied"])
                if (!Has(before, kind) && Has(conditions, kind)) errors.Forbidden(((At)"status")["conditions"], $"updates may not add a condition of type \"{kind}\"");
        if (Has(conditions, "Approved") && Has(conditions, "Denied")) errors.Invalid(((At)"status")["conditions"], "Denied", "Approved and Denied conditions are mutually exclusive");
        for (var i = 0; i < conditions?.Count; i++)
        {
            var (condition, at) = (conditions[i] as JsonObject, ((At)"status")["conditions"][i]);
            if (condition.Text("type") is null or "") errors.Required(at["type"]);
            if (condition.Text("type") is "Approved" or "Denied" or "Failed" && condition.Text("status") != "True") errors.NotSupported(at["status"], condition.Text("status") ?? "", "True");
        }
        if (old.Obj("status").Text("certificate") is { Length: > 0 } issued && o.Obj("status").Text("certificate") != issued)
            errors.Forbidden(((At)"status")["certificate"], "updates may not change a certificate that was issued");
    }
}
