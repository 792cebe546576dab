using System.Text.Json.Nodes;
using Kennel.Server.Access;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Who may do what, by roles.</summary>
public sealed class RoleTests
{
    const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    const string Roles = $"{Rbac}/namespaces/default/roles";
    const string Bindings = $"{Rbac}/namespaces/default/rolebindings";

    static readonly User s_bob = new("bob", ["team", User.Authenticated]);

    static string Role(string name, params string[] rules) => $$"""{"metadata":{"name":"{{name}}"},"rules":[{{string.Join(',', rules)}}]}""";

    static string Rule(string verbs, string groups, string resources, string names = "")
    {
        static string List(string words) => string.Join(',', words.Split(' ').Select(w => $"\"{(w == "core" ? "" : w)}\""));
        return $$"""{"verbs":[{{List(verbs)}}],"apiGroups":[{{List(groups)}}],"resources":[{{List(resources)}}]{{(names.Length > 0 ? $",\"resourceNames\":[{List(names)}]" : "")}}}""";
    }

    static string Bind(string name, string role, string subject, string kind = "Role") =>
        $$"""{"metadata":{"name":"{{name}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{kind}}","name":"{{role}}"},"subjects":[{{subject}}]}""";

    static string Subject(string kind, string name) => kind == "ServiceAccount"
        ? $$"""{"kind":"ServiceAccount","name":"{{name}}","namespace":"default"}"""
        : $$"""{"kind":"{{kind}}","apiGroup":"rbac.authorization.k8s.io","name":"{{name}}"}""";

    static async Task<bool> May(TestServer server, User user, string verb, string resource, string space = "default", string name = "", string group = "")
    {
        var (plural, sub) = resource.Split('/') is [var p, var s] ? (p, s) : (resource, "");
        var review = new JsonObject
        {
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["verb"] = verb, ["group"] = group, ["resource"] = plural, ["subresource"] = sub, ["namespace"] = space, ["name"] = name } },
        };
        var reply = await server.Send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review.ToJsonString(), user: user);
        reply.Status.ShouldBe(201, reply.Text);
        return reply.Json["status"]!["allowed"]!.GetValue<bool>();
    }

    [Theory]
    [InlineData("User", "bob")]
    [InlineData("Group", "team")]
    public async Task A_role_counts_in_its_namespace_for_those_who_are_bound(string kind, string name)
    {
        await using var server = await TestServer.Start();
        (await server.Send("GET", Pods, user: s_bob)).Message.ShouldBe("pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        await server.Made(Roles, Role("reader", Rule("get list", "core", "pods pods/log")));
        await server.Made(Bindings, Bind("b", "reader", Subject(kind, name)));
        (await server.Send("GET", Pods, user: s_bob)).Status.ShouldBe(200);
        (await server.Send("GET", $"{Pods}/p", user: s_bob)).Status.ShouldBe(404);
        (await server.Send("GET", "/api/v1/namespaces/kube-system/pods", user: s_bob)).Status.ShouldBe(403);
        (await server.Send("GET", "/api/v1/pods", user: s_bob)).Message.ShouldBe("pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" at the cluster scope");
        (await server.Send("DELETE", $"{Pods}/p", user: s_bob)).Message.ShouldBe("pods \"p\" is forbidden: User \"bob\" cannot delete resource \"pods\" in API group \"\" in the namespace \"default\"");
        (await May(server, s_bob, "get", "pods/log")).ShouldBeTrue();
        (await May(server, s_bob, "create", "pods/exec")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_given_can_be_taken_away()
    {
        await using var server = await TestServer.Start();
        await server.Made(Roles, Role("reader", Rule("list", "core", "pods")));
        await server.Made(Bindings, Bind("b", "reader", Subject("User", "bob")));
        (await May(server, s_bob, "list", "pods")).ShouldBeTrue();
        await server.Delete($"{Bindings}/b");
        // The news is on its way: it takes a moment, and no longer.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await May(server, s_bob, "list", "pods")) await Task.Delay(1, patience.Token);
    }

    [Fact]
    public async Task A_service_account_is_a_subject_like_others()
    {
        await using var server = await TestServer.Start();
        var account = new User("system:serviceaccount:default:app", ["system:serviceaccounts", "system:serviceaccounts:default", User.Authenticated]);
        await server.Made(Bindings, Bind("b", "edit", Subject("ServiceAccount", "app"), "ClusterRole"));
        (await May(server, account, "create", "statefulsets", group: "apps")).ShouldBeTrue();
        (await May(server, account, "create", "statefulsets", space: "kube-system", group: "apps")).ShouldBeFalse();
        (await May(server, account, "create", "roles", group: "rbac.authorization.k8s.io")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("view", "get", "secrets", "", false)]
    [InlineData("view", "list", "pods", "", true)]
    [InlineData("edit", "get", "secrets", "", true)]
    [InlineData("edit", "create", "pods/exec", "", true)]
    [InlineData("edit", "create", "rolebindings", "rbac.authorization.k8s.io", false)]
    [InlineData("admin", "create", "rolebindings", "rbac.authorization.k8s.io", true)]
    [InlineData("admin", "update", "resourcequotas", "", false)]
    [InlineData("admin", "list", "poddisruptionbudgets", "policy", true)]
    [InlineData("cluster-admin", "anything", "everything", "some.group", true)]
    public async Task The_roles_for_users_are_upstreams(string role, string verb, string resource, string group, bool allowed)
    {
        await using var server = await TestServer.Start();
        await server.Made(Bindings, Bind("b", role, Subject("User", "bob"), "ClusterRole"));
        (await May(server, s_bob, verb, resource, group: group)).ShouldBe(allowed);
    }

    [Fact]
    public async Task Names_narrow_a_rule_down_and_a_list_by_that_name_is_within_it()
    {
        await using var server = await TestServer.Start();
        await server.Made(Roles, Role("one", Rule("get list watch update", "core", "configmaps", "mine")));
        await server.Made(Bindings, Bind("b", "one", Subject("User", "bob")));
        await server.Made(ConfigMaps, ConfigMap("mine"));
        (await server.Send("GET", $"{ConfigMaps}/mine", user: s_bob)).Status.ShouldBe(200);
        (await server.Send("GET", $"{ConfigMaps}/other", user: s_bob)).Status.ShouldBe(403);
        (await server.Send("GET", ConfigMaps, user: s_bob)).Status.ShouldBe(403);
        (await server.Send("GET", $"{ConfigMaps}?fieldSelector=metadata.name%3Dmine", user: s_bob)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Everybody_who_is_known_may_look_at_what_there_is_and_ask_who_he_is()
    {
        await using var server = await TestServer.Start();
        foreach (var path in (string[])["/api", "/apis/apps/v1", "/openapi/v3", "/version"]) (await server.Send("GET", path, user: s_bob)).Status.ShouldBe(200, path);
        (await server.Send("GET", "/metrics", user: s_bob)).Message.ShouldBe("forbidden: User \"bob\" cannot get path \"/metrics\"");
        var who = await server.Send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", user: s_bob);
        who.Json["status"]!["userInfo"]!.ToJsonString().ShouldBe("""{"username":"bob","groups":["team","system:authenticated"]}""");
    }

    [Fact]
    public async Task Nobody_gives_away_what_he_does_not_have()
    {
        await using var server = await TestServer.Start();
        await server.Made(Bindings, Bind("a", "admin", Subject("User", "bob"), "ClusterRole"));
        var role = await server.Send("POST", Roles, Role("mine", Rule("get list", "core", "pods"), Rule("get list", "core", "nodes"), Rule("*", "apps", "*")), user: s_bob);
        role.Status.ShouldBe(403);
        role.Message.ShouldBe("roles.rbac.authorization.k8s.io \"mine\" is forbidden: user \"bob\" (groups=[\"team\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}\n{APIGroups:[\"apps\"], Resources:[\"*\"], Verbs:[\"*\"]}");
        (await server.Send("POST", Roles, Role("mine", Rule("get list", "core", "pods")), user: s_bob)).Status.ShouldBe(201);
        (await server.Send("POST", Bindings, Bind("b", "mine", Subject("User", "eve")), user: s_bob)).Status.ShouldBe(201);
        (await server.Send("POST", Bindings, Bind("c", "cluster-admin", Subject("User", "eve"), "ClusterRole"), user: s_bob)).Message!
            .ShouldContain("is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}\n{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}");
        (await server.Send("POST", Bindings, Bind("d", "nothing", Subject("User", "eve"), "ClusterRole"), user: s_bob)).Message.ShouldBe("clusterroles.rbac.authorization.k8s.io \"nothing\" not found");
    }

    [Fact]
    public async Task The_rights_to_escalate_and_to_bind_are_rights_of_their_own()
    {
        await using var server = await TestServer.Start();
        await server.Made(Roles, Role("giver", Rule("create escalate", "rbac.authorization.k8s.io", "roles"), Rule("create", "rbac.authorization.k8s.io", "rolebindings"),
            Rule("bind", "rbac.authorization.k8s.io", "clusterroles", "view")));
        await server.Made(Bindings, Bind("b", "giver", Subject("User", "bob")));
        (await server.Send("POST", Roles, Role("any", Rule("*", "*", "*")), user: s_bob)).Status.ShouldBe(201);
        (await server.Send("POST", Bindings, Bind("v", "view", Subject("User", "eve"), "ClusterRole"), user: s_bob)).Status.ShouldBe(201);
        (await server.Send("POST", Bindings, Bind("e", "edit", Subject("User", "eve"), "ClusterRole"), user: s_bob)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_binding_to_a_role_that_is_not_there_says_so_when_it_would_matter()
    {
        await using var server = await TestServer.Start();
        await server.Made(Bindings, Bind("b", "gone", Subject("User", "bob")));
        (await server.Send("GET", Pods, user: s_bob)).Message
            .ShouldBe("pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\": RBAC: role.rbac.authorization.k8s.io \"gone\" not found");
    }

    [Fact]
    public async Task A_review_tells_by_which_binding()
    {
        await using var server = await TestServer.Start();
        await server.Made(Bindings, Bind("b", "view", Subject("Group", "team"), "ClusterRole"));
        const string spec = """{"spec":{"user":"bob","groups":["team"],"resourceAttributes":{"verb":"get","resource":"pods","namespace":"default"}}}""";
        var review = await server.Post("/apis/authorization.k8s.io/v1/subjectaccessreviews", spec);
        review.Json["status"]!.ToJsonString().ShouldBe(new JsonObject { ["allowed"] = true, ["reason"] = "RBAC: allowed by RoleBinding \"b/default\" of ClusterRole \"view\" to Group \"team\"" }.ToJsonString());
        (await server.Post("/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews", spec)).Json["status"]!["allowed"]!.GetValue<bool>().ShouldBeTrue();
        (await server.Post("/apis/authorization.k8s.io/v1/namespaces/kube-system/localsubjectaccessreviews", spec)).Message!
            .ShouldContain("spec.resourceAttributes.namespace: Invalid value: \"default\": must match metadata.namespace");
        (await server.Post("/apis/authorization.k8s.io/v1/subjectaccessreviews", """{"spec":{}}""")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task All_that_one_may_is_listed()
    {
        await using var server = await TestServer.Start();
        await server.Made(Roles, Role("reader", Rule("get list", "core", "pods")));
        await server.Made(Bindings, Bind("b", "reader", Subject("User", "bob")));
        var reply = await server.Send("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", """{"spec":{"namespace":"default"}}""", user: s_bob);
        var rules = reply.Json["status"]!["resourceRules"]!.AsArray().Select(r => r!.ToJsonString()).ToList();
        rules.ShouldContain("""{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}""");
        rules.ShouldContain("""{"verbs":["create"],"apiGroups":["authentication.k8s.io"],"resources":["selfsubjectreviews"]}""");
        reply.Json["status"]!["incomplete"]!.GetValue<bool>().ShouldBeFalse();
        (await server.Post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", """{"spec":{"namespace":"default"}}""")).Text.ShouldContain("""{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}""");
    }

    [Fact]
    public async Task One_acts_as_others_if_one_may()
    {
        await using var server = await TestServer.Start();
        async Task<Reply> As(User user, Impersonation other)
        {
            var answer = (Answer)await server.Pipeline.Handle(ApiRequest.To("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", user) with { Body = "{}"u8.ToArray(), As = other });
            return new Reply(answer.Status, System.Text.Encoding.UTF8.GetString(answer.Body.Span), answer);
        }
        (await As(User.Loopback, new("eve", ["g"], "7", [("scopes", ["a"])]))).Json["status"]!["userInfo"]!.ToJsonString()
            .ShouldBe("""{"username":"eve","uid":"7","groups":["g","system:authenticated"],"extra":{"scopes":["a"]}}""");
        (await As(User.Loopback, new("system:serviceaccount:default:app", [], "", []))).Json["status"]!["userInfo"]!["groups"]!.ToJsonString()
            .ShouldBe("""["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"]""");
        (await As(s_bob, new("eve", [], "", []))).Message.ShouldBe("users \"eve\" is forbidden: User \"bob\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
        await server.Made($"{Rbac}/clusterroles", Role("actor", Rule("impersonate", "core", "users", "eve"), Rule("impersonate", "core", "groups", "g")));
        await server.Made($"{Rbac}/clusterrolebindings", Bind("actor", "actor", Subject("User", "bob"), "ClusterRole"));
        (await As(s_bob, new("eve", ["g"], "", []))).Status.ShouldBe(201);
        (await As(s_bob, new("eve", [User.Masters], "", []))).Message.ShouldBe("groups \"system:masters\" is forbidden: User \"bob\" cannot impersonate resource \"groups\" in API group \"\" at the cluster scope");
        (await As(s_bob, new("", ["g"], "", []))).Status.ShouldBe(500);
    }

    [Fact]
    public async Task Making_by_apply_needs_the_right_to_make()
    {
        await using var server = await TestServer.Start();
        await server.Made(Roles, Role("patcher", Rule("patch", "core", "configmaps")));
        await server.Made(Bindings, Bind("b", "patcher", Subject("User", "bob")));
        var reply = await server.Send("PATCH", $"{ConfigMaps}/c?fieldManager=me", ConfigMap("c"), "application/apply-patch+yaml", user: s_bob);
        reply.Message.ShouldBe("configmaps \"c\" is forbidden: User \"bob\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"default\"");
    }

    [Fact]
    public async Task A_second_start_gives_default_roles_back_what_they_lack()
    {
        await using var server = await TestServer.Start();
        var path = $"{Rbac}/clusterroles/system:basic-user";
        await server.Merge(path, """{"rules":[]}""");
        await server.Merge($"{Rbac}/clusterroles/system:discovery", """{"metadata":{"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"false"}},"rules":[]}""");
        await Kennel.Server.Bootstrap.BootstrapObjects.Ensure(server.Pipeline, System.Net.IPNetwork.Parse("10.96.0.0/16"), null);
        (await server.Get(path)).Json["rules"]!.AsArray().Count.ShouldBe(2);
        (await server.Get($"{Rbac}/clusterroles/system:discovery")).Json["rules"]?.AsArray().Count.ShouldBe(0);
    }
}
