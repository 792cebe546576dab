using Kennel.Client.Running;
using Kennel.Controllers.ServiceAccounts;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.ServiceAccounts;

public sealed class AccountTests
{
    const string Pem = "-----BEGIN CERTIFICATE-----";

    static readonly Namespace s_space = new() { Metadata = Make.Meta("notes", null) };

    static readonly ServiceAccount s_account = new() { Metadata = Make.Meta("app") };

    static Secret Token(string account = "app", string uid = "", string token = "") => new()
    {
        Metadata = Make.Meta("s") with
        {
            Annotations = uid.Length == 0 ? Make.Map((TokenSecret.AccountName, account)) : Make.Map((TokenSecret.AccountName, account), (TokenSecret.AccountUid, uid)),
        },
        Type = TokenSecret.Type,
        Data = token.Length == 0 ? Make.Map() : Make.Map(("token", token)),
    };

    static Decision Decide(Secret secret, ServiceAccount? account) => TokenSecret.Decide(secret, account, Pem, (a, s) => $"{a.Metadata.Name} in {s.Metadata.Name}");

    [Fact]
    public void A_namespace_without_its_account_gets_one_unless_it_is_going()
    {
        DefaultAccount.Decide(s_space, null).Steps.Single().ShouldBeOfType<Step.Create>().Object.Metadata.Namespace.ShouldBe("notes");
        DefaultAccount.Decide(s_space, s_account).Steps.ShouldBeEmpty();
        DefaultAccount.Decide(s_space with { Metadata = s_space.Metadata with { DeletionTimestamp = Make.Now } }, null).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void The_authoritys_certificate_is_put_back_when_somebody_changed_it()
    {
        var made = AuthorityPublisher.Decide(s_space, null, Pem).Steps.Single().ShouldBeOfType<Step.Create>().Object.ShouldBeOfType<ConfigMap>();
        made.Metadata.Name.ShouldBe("kube-root-ca.crt");
        made.Data["ca.crt"].ShouldBe(Pem);
        AuthorityPublisher.Decide(s_space, made, Pem).Steps.ShouldBeEmpty();
        var changed = made with { Data = Make.Map(("ca.crt", "mine"), ("more", "x")) };
        AuthorityPublisher.Decide(s_space, changed, Pem).Steps.Single().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<ConfigMap>().Data.ShouldBe(made.Data);
    }

    [Fact]
    public void A_secret_for_a_token_is_filled_and_then_left_alone()
    {
        var filled = Decide(Token(), s_account).Steps.Single().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<Secret>();
        filled.Metadata.Annotations[TokenSecret.AccountUid].ShouldBe("uid-app");
        Text(filled, "token").ShouldBe("app in s");
        Text(filled, "namespace").ShouldBe("default");
        Text(filled, "ca.crt").ShouldBe(Pem);
        Decide(filled, s_account).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void A_token_that_is_there_is_kept()
    {
        var filled = Decide(Token(token: "b2xk"), s_account).Steps.Single().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<Secret>();
        filled.Data["token"].ShouldBe("b2xk");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("another", "uid-app")]
    public void A_secret_goes_with_its_account_after_a_look_at_the_live_one(string uid, string? there)
    {
        var steps = Decide(Token(uid: uid), there is null ? null : s_account).Steps;
        steps[0].ShouldBe(new AccountGone("default", "app", uid));
        steps[1].ShouldBeOfType<Step.Delete>().Uid.ShouldBe("uid-s");
    }

    [Fact]
    public void Other_secrets_are_nobodys_business_here() => Decide(Token() with { Type = "Opaque" }, null).Steps.ShouldBeEmpty();

    [Fact]
    public async Task Accounts_certificates_and_tokens_come_by_themselves()
    {
        await using var world = new LiveWorld(c => [new DefaultAccount(c), new AuthorityPublisher(c, Pem), new TokenSecrets(c, Pem, (a, _) => "token of " + a.Metadata.Name)], api =>
        {
            api.Put(s_space with { Metadata = s_space.Metadata with { Name = "default" } });
            api.Put(s_account);
            api.Put(Token());
        });
        await world.Until<ServiceAccount>("default", _ => true);
        await world.Until<ConfigMap>("kube-root-ca.crt", m => m.Data["ca.crt"] == Pem);
        await world.Until<Secret>("s", s => s.Data.ContainsKey("token") && Text(s, "token") == "token of app");
    }

    static string Text(Secret secret, string key) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(secret.Data[key]));
}
