using System.Buffers.Text;
using System.Text.Json.Nodes;
using Kennel.Server.Access.Tokens;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Service accounts: what they give to pods, and the tokens that say who one is.</summary>
public sealed class AccountTests
{
    const string Accounts = "/api/v1/namespaces/default/serviceaccounts";
    const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

    [Fact]
    public async Task A_new_namespace_has_its_account_and_the_authoritys_certificate_at_once()
    {
        await using var server = await TestServer.Start();
        await server.Made("/api/v1/namespaces", """{"metadata":{"name":"notes"}}""");
        (await server.Get("/api/v1/namespaces/notes/serviceaccounts/default")).Status.ShouldBe(200);
        (await server.Get("/api/v1/namespaces/notes/configmaps/kube-root-ca.crt")).Json["data"]!.AsObject().ContainsKey("ca.crt").ShouldBeTrue();
    }

    [Fact, Trait("Behaviour", "SS-845")]
    public async Task A_pod_gets_the_volume_with_its_token_in_every_container()
    {
        await using var server = await TestServer.Start();
        var spec = (await server.Made(Pods, Pod("p", ",\"initContainers\":[{\"name\":\"first\",\"image\":\"i:1\"}]")))["spec"]!;
        spec["serviceAccountName"]!.GetValue<string>().ShouldBe("default");
        var volume = spec["volumes"]!.AsArray().Single()!;
        var name = volume["name"]!.GetValue<string>();
        name.ShouldMatch("^kube-api-access-[a-z0-9]{5}$");
        volume["projected"]!.ToJsonString().ShouldBe(
            """{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}""");
        foreach (var list in (string[])["initContainers", "containers"])
            spec[list]![0]!["volumeMounts"]!.ToJsonString().ShouldBe($$"""[{"name":"{{name}}","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]""");
    }

    [Theory]
    [InlineData("{}", ",\"automountServiceAccountToken\":false", false)]
    [InlineData("{\"automountServiceAccountToken\":false}", "", false)]
    [InlineData("{\"automountServiceAccountToken\":false}", ",\"automountServiceAccountToken\":true", true)]
    [InlineData("{\"automountServiceAccountToken\":true}", "", true)]
    public async Task The_pod_and_then_its_account_say_whether_there_is_a_token(string account, string pod, bool mounted)
    {
        await using var server = await TestServer.Start();
        var o = JsonNode.Parse(account)!.AsObject();
        o["metadata"] = new JsonObject { ["name"] = "app" };
        await server.Made(Accounts, o.ToJsonString());
        var spec = (await server.Made(Pods, Pod("p", ",\"serviceAccountName\":\"app\"" + pod)))["spec"]!;
        (spec["volumes"] is not null).ShouldBe(mounted);
        (spec["containers"]![0]!["volumeMounts"] is not null).ShouldBe(mounted);
    }

    [Fact]
    public async Task A_container_with_something_of_its_own_at_the_place_is_left_alone()
    {
        await using var server = await TestServer.Start();
        var pod = Pod("p", ",\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]").Replace("\"image\":\"busybox:1\"",
            "\"image\":\"busybox:1\",\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}]");
        (await server.Made(Pods, pod))["spec"]!["volumes"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_pod_without_pull_secrets_gets_those_of_its_account()
    {
        await using var server = await TestServer.Start();
        await server.Made(Accounts, """{"metadata":{"name":"app"},"imagePullSecrets":[{"name":"registry"}]}""");
        (await server.Made(Pods, Pod("a", ",\"serviceAccountName\":\"app\"")))["spec"]!["imagePullSecrets"]!.ToJsonString().ShouldBe("""[{"name":"registry"}]""");
        (await server.Made(Pods, Pod("b", ",\"serviceAccountName\":\"app\",\"imagePullSecrets\":[{\"name\":\"own\"}]")))["spec"]!["imagePullSecrets"]!.ToJsonString().ShouldBe("""[{"name":"own"}]""");
    }

    [Fact]
    public async Task A_pod_needs_its_account_but_not_the_default_one()
    {
        await using var server = await TestServer.Start();
        (await server.Post(Pods, Pod("a", ",\"serviceAccountName\":\"nobody\""))).Message
            .ShouldBe("pods \"a\" is forbidden: error looking up service account default/nobody: serviceaccount \"nobody\" not found");
        await server.Delete($"{Accounts}/default");
        (await server.Made(Pods, Pod("b")))["spec"]!["serviceAccountName"]!.GetValue<string>().ShouldBe("default");
    }

    [Fact]
    public async Task A_token_says_who_one_is_and_for_how_long()
    {
        await using var server = await TestServer.Start();
        var account = (await server.Get($"{Accounts}/default")).Metadata;
        var made = await server.Post($"{Accounts}/default/token", """{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","spec":{"expirationSeconds":600}}""");
        made.Status.ShouldBe(201, made.Text);
        made.Json["spec"]!["audiences"]![0]!.GetValue<string>().ShouldBe("https://kubernetes.default.svc.cluster.local");
        var claims = ClaimsOf(TokenOf(made));
        claims["sub"]!.GetValue<string>().ShouldBe("system:serviceaccount:default:default");
        (claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>()).ShouldBe(600);
        claims["kubernetes.io"]!.ToJsonString().ShouldBe("""{"namespace":"default","serviceaccount":{"name":"default","uid":"ACCOUNT"}}""".Replace("ACCOUNT", account["uid"]!.GetValue<string>()));

        var review = await Review(server, TokenOf(made));
        review["authenticated"]!.GetValue<bool>().ShouldBeTrue();
        review["user"]!["username"]!.GetValue<string>().ShouldBe("system:serviceaccount:default:default");
        review["user"]!["groups"]!.ToJsonString().ShouldBe("""["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"]""");
        review["user"]!["extra"]!["authentication.kubernetes.io/credential-id"]![0]!.GetValue<string>().ShouldBe($"JTI={claims["jti"]}");
    }

    [Fact]
    public async Task A_token_ends_with_its_pod_and_with_its_account()
    {
        await using var server = await TestServer.Start();
        await server.Made("/api/v1/nodes", """{"metadata":{"name":"n1"}}""");
        await server.Made(Accounts, """{"metadata":{"name":"app"}}""");
        var pod = await server.Made(Pods, Pod("p", ",\"serviceAccountName\":\"app\",\"nodeName\":\"n1\",\"terminationGracePeriodSeconds\":0"));
        var token = TokenOf(await server.Post($"{Accounts}/app/token", Bind("Pod", "p", pod["metadata"]!["uid"]!.GetValue<string>())));
        ClaimsOf(token)["kubernetes.io"]!["pod"]!["name"]!.GetValue<string>().ShouldBe("p");
        ClaimsOf(token)["kubernetes.io"]!["node"]!["name"]!.GetValue<string>().ShouldBe("n1");
        (await Review(server, token))["authenticated"]!.GetValue<bool>().ShouldBeTrue();
        (await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":0}""")).Status.ShouldBe(200);
        await server.Made(Pods, Pod("p", ",\"serviceAccountName\":\"app\"")); // another one under the same name
        var ended = await Review(server, token);
        ended["authenticated"].ShouldBeNull();
        ended["error"]!.GetValue<string>().ShouldBe("[invalid bearer token, service account token has been invalidated]");

        var free = TokenOf(await server.Post($"{Accounts}/app/token", "{}"));
        (await Review(server, free))["authenticated"]!.GetValue<bool>().ShouldBeTrue();
        await server.Delete($"{Accounts}/app");
        (await Review(server, free))["error"]!.GetValue<string>().ShouldBe("[invalid bearer token, serviceaccounts \"app\" not found]");
    }

    [Fact]
    public async Task A_token_for_others_opens_nothing_here()
    {
        await using var server = await TestServer.Start();
        var token = TokenOf(await server.Post($"{Accounts}/default/token", """{"spec":{"audiences":["vault"]}}"""));
        (await Review(server, token))["error"]!.GetValue<string>().ShouldContain("token audiences [\"vault\"] is invalid for the target audiences");
        var review = await Review(server, token, "vault", "others");
        review["authenticated"]!.GetValue<bool>().ShouldBeTrue();
        review["audiences"]!.ToJsonString().ShouldBe("""["vault"]""");
    }

    [Fact]
    public async Task Another_clusters_token_and_a_changed_one_are_nobodys()
    {
        await using var server = await TestServer.Start();
        await using var other = await TestServer.Start();
        var foreign = TokenOf(await other.Post($"{Accounts}/default/token", "{}"));
        (await Review(server, foreign))["error"]!.GetValue<string>().ShouldBe("invalid bearer token");
        var parts = TokenOf(await server.Post($"{Accounts}/default/token", "{}")).Split('.');
        var claims = ClaimsOf(string.Join('.', parts));
        claims["sub"] = "system:serviceaccount:kube-system:default";
        var forged = $"{parts[0]}.{Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims.ToJsonString()))}.{parts[2]}";
        (await Review(server, forged))["error"]!.GetValue<string>().ShouldBe("invalid bearer token");
        var unsigned = $"{Base64Url.EncodeToString("""{"alg":"none"}"""u8)}.{parts[1]}.";
        (await Review(server, unsigned))["error"]!.GetValue<string>().ShouldBe("invalid bearer token");
    }

    [Fact]
    public async Task A_token_expires()
    {
        var time = new Clock();
        await using var server = await TestServer.Start(time: time);
        var token = TokenOf(await server.Post($"{Accounts}/default/token", """{"spec":{"expirationSeconds":600}}"""));
        time.Now += TimeSpan.FromSeconds(599);
        (await Review(server, token))["authenticated"]!.GetValue<bool>().ShouldBeTrue();
        time.Now += TimeSpan.FromSeconds(1);
        (await Review(server, token))["error"]!.GetValue<string>().ShouldBe("[invalid bearer token, service account token has expired]");
    }

    [Fact]
    public async Task A_pods_own_token_outlives_clients_that_read_it_once()
    {
        await using var server = await TestServer.Start();
        var pod = await server.Made(Pods, Pod());
        var made = await server.Post($"{Accounts}/default/token", Bind("Pod", "p", pod["metadata"]!["uid"]!.GetValue<string>(), 3607));
        var claims = ClaimsOf(TokenOf(made));
        (claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>()).ShouldBe(365 * 24 * 3600);
        (claims["kubernetes.io"]!["warnafter"]!.GetValue<long>() - claims["iat"]!.GetValue<long>()).ShouldBe(3607);
        made.Json["spec"]!["expirationSeconds"]!.GetValue<long>().ShouldBe(3607);
    }

    [Theory]
    [InlineData("""{"spec":{"expirationSeconds":599}}""", 422, "TokenRequest.authentication.k8s.io \"default\" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes")]
    [InlineData("""{"spec":{"expirationSeconds":4294967297}}""", 422, "TokenRequest.authentication.k8s.io \"default\" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds")]
    [InlineData("""{"metadata":{"name":"x"}}""", 422, "TokenRequest.authentication.k8s.io \"default\" is invalid: metadata.name: Invalid value: \"x\": must match the service account name")]
    [InlineData("""{"spec":{"boundObjectRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}""", 400, "cannot bind token to object of type apps/v1, Kind=Deployment")]
    [InlineData("""{"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p"}}}""", 404, "pods \"p\" not found")]
    public async Task What_can_not_be_asked_for_is_told(string body, int status, string message)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post($"{Accounts}/default/token", body);
        reply.Status.ShouldBe(status, reply.Text);
        reply.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("n1", """{"spec":{}}""", "node requested token not bound to a pod")]
    [InlineData("n1", """{"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p"}}}""", "node requested token with a pod binding without a uid")]
    [InlineData("n2", """{"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"UID"}}}""", "node requested token bound to a pod scheduled on a different node")]
    [InlineData("n1", """{"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"UID"}}}""", null)]
    public async Task A_node_gets_tokens_for_its_own_pods_only(string node, string body, string? refusal)
    {
        await using var server = await TestServer.Start();
        var pod = await server.Made(Pods, Pod("p", ",\"nodeName\":\"n1\""));
        await server.Made(Pods, Pod("q", ",\"nodeName\":\"n2\"")); // so that both nodes have to do with the account
        var reply = await server.Send("POST", $"{Accounts}/default/token", body.Replace("UID", pod["metadata"]!["uid"]!.GetValue<string>()), user: User.OfNode(node));
        if (refusal is null) reply.Status.ShouldBe(201, reply.Text);
        else reply.Message.ShouldBe($"serviceaccounts \"default\" is forbidden: {refusal}");
    }

    [Fact]
    public async Task A_lasting_token_is_good_for_as_long_as_its_secret_holds_it()
    {
        await using var server = await TestServer.Start();
        var account = (await server.Get($"{Accounts}/default")).Metadata;
        const string secrets = "/api/v1/namespaces/default/secrets";
        var token = server.Pipeline.LastingToken("default", "default", account["uid"]!.GetValue<string>(), "s");
        (await Review(server, token))["error"].ShouldNotBeNull();
        var base64 = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(token));
        await server.Made(secrets, $$$"""{"metadata":{"name":"s","annotations":{"kubernetes.io/service-account.name":"default"}},"type":"kubernetes.io/service-account-token","data":{"token":"{{{base64}}}"}}""");
        (await Review(server, token))["authenticated"]!.GetValue<bool>().ShouldBeTrue();
        await server.Merge($"{secrets}/s", """{"data":{"token":"YQ=="}}""");
        (await Review(server, token))["error"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Others_can_check_tokens_with_the_published_key()
    {
        await using var server = await TestServer.Start();
        var configuration = (await server.Get("/.well-known/openid-configuration")).Json;
        configuration["issuer"]!.GetValue<string>().ShouldBe("https://kubernetes.default.svc.cluster.local");
        var keys = await server.Get("/openid/v1/jwks");
        keys.Answer.ContentType.ShouldBe("application/jwk-set+json");
        var key = keys.Json["keys"]!.AsArray().Single()!;
        using var published = System.Security.Cryptography.ECDsa.Create(new System.Security.Cryptography.ECParameters
        {
            Curve = System.Security.Cryptography.ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(key["x"]!.GetValue<string>()), Y = Base64Url.DecodeFromChars(key["y"]!.GetValue<string>()) },
        });
        var token = TokenOf(await server.Post($"{Accounts}/default/token", "{}"));
        var parts = token.Split('.');
        published.VerifyData(System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), System.Security.Cryptography.HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    [Fact]
    public void The_key_stays_the_same_and_with_its_owner()
    {
        var folder = Directory.CreateTempSubdirectory("kennel-key-");
        try
        {
            var path = Path.Combine(folder.FullName, "sa.key");
            var key = SigningKey.Open(path);
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            SigningKey.Open(path).Verify(key.Sign("{}"u8)).ShouldBe("{}"u8.ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Bind(string kind, string name, string uid, int seconds = 3600) =>
        $$$"""{"spec":{"expirationSeconds":{{{seconds}}},"boundObjectRef":{"uid":"{{{uid}}}","apiVersion":"v1","kind":"{{{kind}}}","name":"{{{name}}}"} } }""";

    static string TokenOf(Reply reply) => reply.Json["status"]!["token"]!.GetValue<string>();

    static JsonObject ClaimsOf(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    static async Task<JsonObject> Review(TestServer server, string token, params string[] audiences)
    {
        var review = new JsonObject { ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]) } };
        var reply = await server.Post(Reviews, review.ToJsonString());
        reply.Status.ShouldBe(201, reply.Text);
        return reply.Json["status"]!.AsObject();
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
