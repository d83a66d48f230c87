using LeadCrm.Gateway;

GatewayApp.Build(args).Run();
