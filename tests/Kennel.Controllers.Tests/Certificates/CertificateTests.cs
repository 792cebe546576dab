using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kennel.Client.Running;
using Kennel.Controllers.Certificates;
using Kennel.Objects.Certificates;

namespace Kennel.Controllers.Tests.Certificates;

public sealed class CertificateTests
{
    const string NodeName = "system:node:n1";

    static CertificateSigningRequest Request(string signer, string subject, string usages, string user = NodeName, string? host = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (host.Contains('@')) names.AddEmailAddress(host);
            else names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
        }
        var pem = request.CreateSigningRequestPem();
        return new()
        {
            Metadata = Make.Meta("c", null),
            Spec = new() { Request = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)), SignerName = signer, Usages = usages.Split(','), Username = user },
        };
    }

    static CertificateSigningRequest Approved(CertificateSigningRequest request) => Judge.With(request, "Approved", "Me", "", Make.Now);

    static Decision Decide(CertificateSigningRequest request, DateTimeOffset? now = null) => Judge.Decide(request, now ?? Make.Now, (_, _, lifetime) => $"signed for {lifetime}");

    [Theory]
    [InlineData(Signers.Client, "CN=eve", "client auth", null, null)]
    [InlineData(Signers.Client, "CN=eve", "server auth", null, "usages")]
    [InlineData(Signers.NodeClient, "O=system:nodes,CN=system:node:n1", "digital signature,client auth", null, null)]
    [InlineData(Signers.NodeClient, "O=system:masters,CN=system:node:n1", "digital signature,client auth", null, "organization")]
    [InlineData(Signers.NodeClient, "O=system:nodes,CN=eve", "digital signature,client auth", null, "common name")]
    [InlineData(Signers.NodeClient, "O=system:nodes,CN=system:node:n1", "digital signature,client auth", "n1", "subjectAltNames")]
    [InlineData(Signers.NodeClient, "O=system:nodes,CN=system:node:n1", "digital signature,client auth,server auth", null, "usages")]
    [InlineData(Signers.NodeServing, "O=system:nodes,CN=system:node:n1", "digital signature,key encipherment,server auth", "n1", null)]
    [InlineData(Signers.NodeServing, "O=system:nodes,CN=system:node:n1", "digital signature,server auth", null, "required")]
    [InlineData(Signers.NodeServing, "O=system:nodes,CN=system:node:n1", "digital signature,server auth", "a@b.example", "only DNS and IP")]
    public void An_approved_request_is_signed_or_fails_with_a_reason(string signer, string subject, string usages, string? host, string? problem)
    {
        var status = Decide(Approved(Request(signer, subject, usages, host: host))).Steps.Single().ShouldBeOfType<Step.UpdateStatus>().Object.ShouldBeOfType<CertificateSigningRequest>().Status!;
        if (problem is null) Encoding.ASCII.GetString(Convert.FromBase64String(status.Certificate!)).ShouldBe("signed for ");
        else
        {
            status.Certificate.ShouldBeNull();
            status.Conditions[^1].Type.ShouldBe("Failed");
            status.Conditions[^1].Message!.ShouldContain(problem);
        }
    }

    [Fact]
    public void A_time_that_is_asked_for_is_given()
    {
        var request = Request(Signers.Client, "CN=eve", "client auth");
        request = Approved(request with { Spec = request.Spec with { ExpirationSeconds = 7200 } });
        var signed = Decide(request).Steps.Single().ShouldBeOfType<Step.UpdateStatus>().Object.ShouldBeOfType<CertificateSigningRequest>();
        Encoding.ASCII.GetString(Convert.FromBase64String(signed.Status!.Certificate!)).ShouldBe("signed for 02:00:00");
        Decide(signed).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Only_nodes_requests_for_their_client_certificates_are_approved_without_people()
    {
        Decide(Request(Signers.NodeClient, "O=system:nodes,CN=system:node:n1", "digital signature,client auth")).Steps.Single().ShouldBeOfType<Approve>().Self.ShouldBeTrue();
        Decide(Request(Signers.NodeClient, "O=system:nodes,CN=system:node:n1", "digital signature,client auth", "bootstrap")).Steps.Single().ShouldBeOfType<Approve>().Self.ShouldBeFalse();
        Decide(Request(Signers.NodeServing, "O=system:nodes,CN=system:node:n1", "digital signature,server auth", host: "n1")).Steps.ShouldBeEmpty();
        Decide(Request(Signers.Client, "CN=eve", "client auth")).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Denied_requests_and_other_peoples_signers_are_left_alone()
    {
        Decide(Judge.With(Request(Signers.Client, "CN=eve", "client auth"), "Denied", "No", "", Make.Now)).Steps.ShouldBeEmpty();
        Decide(Approved(Request("example.com/own", "CN=eve", "client auth"))).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Requests_go_an_hour_after_they_are_decided_and_a_day_after_nobody_did()
    {
        var pending = Request(Signers.Client, "CN=eve", "client auth");
        var decided = Judge.With(pending, "Denied", "No", "", Make.Now);
        Decide(decided, Make.Now.AddMinutes(59)).At.ShouldBe(Make.Now.AddHours(1));
        Decide(decided, Make.Now.AddHours(1)).Steps.Single().ShouldBeOfType<Step.Delete>();
        Decide(pending, Make.Now.AddHours(23)).Steps.ShouldBeEmpty();
        Decide(pending, Make.Now.AddHours(24)).Steps.Single().ShouldBeOfType<Step.Delete>();
    }
}
