using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Kennel.Server.Tests;

/// <summary>Requests for certificates: who may ask, decide and sign.</summary>
public sealed class CertificateRequestTests
{
    const string Requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const string Client = "kubernetes.io/kube-apiserver-client";
    const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    static readonly User s_bob = new("bob", ["team", User.Authenticated]) { Uid = "7" };

    static string Pem(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    static string Request(string subject = "CN=eve,O=devs", string signer = Client, string? request = null) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "c" },
        ["spec"] = new JsonObject
        {
            ["request"] = request ?? Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem(subject))), ["signerName"] = signer, ["usages"] = new JsonArray("client auth"), ["username"] = "somebody else",
        },
    }.ToJsonString();

    static async Task Allow(TestServer server, string verbs, string resource, string name = "")
    {
        var names = name.Length > 0 ? $",\"resourceNames\":[\"{name}\"]" : "";
        var id = Guid.NewGuid().ToString();
        await server.Made($"{Rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{id}}}"},"rules":[{"verbs":[{{{verbs}}}],"apiGroups":["certificates.k8s.io"],"resources":["{{{resource}}}"]{{{names}}} }]}""");
        await server.Made($"{Rbac}/clusterrolebindings",
            $$$"""{"metadata":{"name":"{{{id}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{id}}}"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"bob"}]}""");
    }

    static string Decision(string type) => $$"""{"status":{"conditions":[{"type":"{{type}}","status":"True","reason":"Because"}]} }""";

    [Fact]
    public async Task A_request_says_whose_it_is_whatever_was_written()
    {
        await using var server = await TestServer.Start();
        await Allow(server, "\"create\"", "certificatesigningrequests");
        var made = await server.Send("POST", Requests, Request(), user: s_bob);
        made.Status.ShouldBe(201, made.Text);
        var spec = made.Json["spec"]!;
        spec["username"]!.GetValue<string>().ShouldBe("bob");
        spec["uid"]!.GetValue<string>().ShouldBe("7");
        spec["groups"]!.ToJsonString().ShouldBe("""["team","system:authenticated"]""");
        (await server.Merge($"{Requests}/c", """{"spec":{"username":"eve"}}""")).Json["spec"]!["username"]!.GetValue<string>().ShouldBe("bob");
    }

    [Theory]
    [InlineData("CN=eve,O=system:masters", Client, null, 403, "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed")]
    [InlineData("CN=eve", "kubernetes.io/legacy-unknown", null, 422, "the legacy signerName is not allowed via this API version")]
    [InlineData("CN=eve", "nothing", null, 422, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
    [InlineData("CN=eve", Client, "YQ==", 422, "PEM block type must be CERTIFICATE REQUEST")]
    public async Task Nonsense_and_masters_are_refused(string subject, string signer, string? request, int status, string message)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post(Requests, Request(subject, signer, request));
        reply.Status.ShouldBe(status, reply.Text);
        reply.Message!.ShouldContain(message);
    }

    [Fact]
    public async Task Deciding_takes_the_right_to_speak_for_the_signer()
    {
        await using var server = await TestServer.Start();
        await server.Made(Requests, Request());
        await Allow(server, "\"update\",\"patch\"", "certificatesigningrequests/approval");
        Task<Reply> Decide(string type) => server.Send("PATCH", $"{Requests}/c/approval", Decision(type), "application/merge-patch+json", user: s_bob);
        (await Decide("Approved")).Message.ShouldBe("certificatesigningrequests.certificates.k8s.io \"c\" is forbidden: user not permitted to approve requests with signerName \"kubernetes.io/kube-apiserver-client\"");
        await Allow(server, "\"approve\"", "signers", "kubernetes.io/*");
        var decided = await Decide("Approved");
        decided.Status.ShouldBe(200, decided.Text);
        decided.Json["status"]!["conditions"]![0]!["lastUpdateTime"].ShouldNotBeNull();
        (await Decide("Denied")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task A_decision_is_made_at_its_endpoint_and_a_certificate_comes_at_another()
    {
        await using var server = await TestServer.Start();
        await server.Made(Requests, Request());
        (await server.Merge($"{Requests}/c", Decision("Approved"))).Json["status"]!["conditions"].ShouldBeNull();
        (await server.Merge($"{Requests}/c/status", Decision("Approved"))).Status.ShouldBe(422);
        (await server.Merge($"{Requests}/c/approval", """{"status":{"certificate":"YQ=="}}""")).Json["status"]!["certificate"].ShouldBeNull();
        (await server.Merge($"{Requests}/c/approval", Decision("Approved"))).Status.ShouldBe(200);
        (await server.Merge($"{Requests}/c/status", """{"status":{"certificate":"YQ=="}}""")).Json["status"]!["certificate"]!.GetValue<string>().ShouldBe("YQ==");
        (await server.Merge($"{Requests}/c/status", """{"status":{"certificate":"Yg=="}}""")).Status.ShouldBe(422);
    }

    [Theory]
    [InlineData("client auth", HttpStatusCode.Created)]
    [InlineData("server auth", HttpStatusCode.Unauthorized)]
    public async Task What_our_authority_signs_for_clients_says_who_they_are(string usage, HttpStatusCode status)
    {
        await using var server = await TestServer.Start();
        await server.Listen();
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=eve,O=devs", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        using var certificate = X509Certificate2.CreateFromPem(server.Pki!.Sign(request, [usage, "digital signature"], TimeSpan.FromHours(1)), key.ExportPkcs8PrivateKeyPem());
        (certificate.NotAfter - certificate.NotBefore).TotalMinutes.ShouldBe(65, tolerance: 1);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new()
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { server.Pki.Authority }, RevocationMode = X509RevocationMode.NoCheck },
            },
        });
        using var answer = await client.PostAsync(new Uri($"https://{server.Address}/apis/authentication.k8s.io/v1/selfsubjectreviews"), new StringContent("{}", Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(status);
        if (status == HttpStatusCode.Created) (await answer.Content.ReadAsStringAsync()).ShouldContain("""{"username":"eve","groups":["devs","system:authenticated"]}""");
    }
}
